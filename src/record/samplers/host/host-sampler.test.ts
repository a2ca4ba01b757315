import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import hostCsv from '#input/formats/host-csv/importer';
import { SamplerSummary } from '#schema/monitor';
import { hostSampler } from './host-sampler.ts';
import { physicalDisks } from './physical-disks.ts';
import { diskSums } from './sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'host-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let cases = 0;

const PSI = (total: number) => `some avg10=0.00 avg60=0.00 avg300=0.00 total=${total}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=5\n`;
const DISKSTATS = ` 259       0 nvme0n1 10 1 200 30 40 2 600 70 0 80 100 0 0 0 0 0 0
 259       1 nvme0n1p1 9 1 190 29 39 2 590 69 0 79 98 0 0 0 0 0 0
   7       0 loop0 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5
   8       0 sda 1 0 2 3 4 0 5 6 0 7 8 0 0 0 0 0 0
`;
const MACHINE: Readonly<Record<string, string>> = {
  'proc/stat':
    'cpu  100 7 30 4000 50 0 0 0 0 0\ncpu0 100 7 30 4000 50 0 0 0 0 0\nintr 5 1 2\nctxt 4242\nbtime 1\nprocesses 99\nprocs_running 2\nprocs_blocked 1\n',
  'proc/diskstats': DISKSTATS,
  'proc/vmstat': 'pgfault 1\npswpin 11\npswpout 12\npgmajfault 13\n',
  'proc/meminfo': 'MemTotal:       24684084 kB\nMemAvailable:   23919648 kB\n',
  'proc/pressure/io': PSI(101),
  'proc/pressure/memory': PSI(102),
  'proc/pressure/cpu': PSI(103),
  'sys/block/nvme0n1/device/model': '',
  'sys/block/nvme0c0n1/device/model': '',
  'sys/block/nvme0c0n1/hidden': '1\n',
  'sys/block/sda/device/model': '',
  'sys/block/loop0/size': '',
};

function machineOf(files: Readonly<Record<string, string | undefined>>): string {
  const root = join(folder, `machine-${cases++}`);
  for (const [path, text] of Object.entries(files)) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
const newFolder = () => mkdtempSync(join(folder, 'out-'));

/** How often a busy machine lets us sample is no business of these tests: cadence.test.ts has its own. */
const besidesCadence = (missing: readonly string[]) =>
  missing.filter(m => !/^(host samples came every|the longest time without host samples) /.test(m));

async function recordedOn(root: string) {
  const out = newFolder();
  const sampler = hostSampler({ intervalMs: 10, tell: () => {}, root });
  const outcome = await sampler.start(out);
  await sleep(60);
  const summary = await sampler.stop();
  const text = summary.file === null ? '' : readFileSync(join(out, summary.file), 'utf8');
  return { outcome, summary, text };
}

describe('disks', () => {
  test('are those with a device behind them, each once', () => {
    expect([...physicalDisks(machineOf(MACHINE))].sort()).toEqual(['nvme0n1', 'sda']);
  });
  test('are summed, without their partitions', () => {
    expect(diskSums(DISKSTATS, new Set(['nvme0n1', 'sda']))).toEqual(['11', '202', '33', '44', '605', '87']);
  });
  test('that are not there are unknown, not idle', () => {
    expect(diskSums(DISKSTATS, new Set())).toEqual(['', '', '', '', '', '']);
    expect(diskSums(DISKSTATS.trimEnd(), new Set(['sda']))[5]).toBe('7');
  });
});

describe('the host sampler', () => {
  test('writes every column that the importer knows', async () => {
    const { summary, text } = await recordedOn(machineOf(MACHINE));
    const series = hostCsv.parse(text, 'host.csv');
    expect(series).toMatchObject({ clock: { kind: 'epoch' }, warnings: [] });
    expect(series.rows).toHaveLength(summary.samples);
    expect(series.rows.length).toBeGreaterThan(1);
    expect(series.rows[0]).toEqual({
      t_ms: 0,
      cpu_user_ticks: 100,
      cpu_system_ticks: 30,
      cpu_idle_ticks: 4000,
      cpu_iowait_ticks: 50,
      context_switches: 4242,
      procs_running: 2,
      procs_blocked: 1,
      disk_reads: 11,
      disk_read_sectors: 202,
      disk_read_ms: 33,
      disk_writes: 44,
      disk_write_sectors: 605,
      disk_io_ms: 87,
      major_faults: 13,
      swap_in_pages: 11,
      swap_out_pages: 12,
      mem_available_kib: 23919648,
      psi_io_some_us: 101,
      psi_mem_some_us: 102,
      psi_cpu_some_us: 103,
    });
    expect(SamplerSummary.safeParse(summary).error).toBeUndefined();
    expect(summary).toMatchObject({ sampler: 'host', file: 'host.csv', zone_hours: null });
    expect(besidesCadence(summary.missing)).toEqual([]);
    expect(series.origin_ns).toBeGreaterThanOrEqual(BigInt(summary.start.epoch_ns) - 1_000_000n);
    expect(series.origin_ns).toBeLessThan(BigInt(summary.end.epoch_ns));
  });

  test('leaves empty what this kernel does not have, and says so', async () => {
    const files = {
      ...MACHINE,
      'proc/pressure/io': undefined,
      'sys/block/nvme0n1/device/model': undefined,
      'sys/block/sda/device/model': undefined,
    };
    const { summary, text } = await recordedOn(machineOf(files));
    expect(hostCsv.parse(text, 'host.csv').rows[0]).toMatchObject({ psi_io_some_us: null, psi_cpu_some_us: 103, disk_reads: null });
    expect(besidesCadence(summary.missing)).toEqual([
      '/proc/diskstats has no disk_reads, disk_read_sectors, disk_read_ms, disk_writes, disk_write_sectors, disk_io_ms',
      'no psi_io_some_us: /proc/pressure/io cannot be read (there is no such file)',
    ]);
  });

  test('adds what throttles a container, which the importer passes over in silence', async () => {
    const root = machineOf({
      ...MACHINE,
      'sys/fs/cgroup/cpu.stat': 'usage_usec 5\nnr_periods 10\nnr_throttled 3\nthrottled_usec 900\n',
      'sys/fs/cgroup/memory.events': 'low 0\nhigh 1\nmax 2\noom 0\noom_kill 4\n',
    });
    const { text } = await recordedOn(root);
    const [header, row] = text.split('\n');
    expect(header).toMatch(
      /,psi_cpu_some_us,cgroup_nr_throttled,cgroup_throttled_us,cgroup_memory_high,cgroup_memory_max,cgroup_oom_kill$/,
    );
    expect(row).toMatch(/,103,3,900,1,2,4$/);
    expect(hostCsv.parse(text, 'host.csv').warnings).toEqual([]);
  });

  test('has no such columns on a host, whose root has no limits', async () => {
    const { text } = await recordedOn(machineOf({ ...MACHINE, 'sys/fs/cgroup/cpu.stat': 'usage_usec 5\nuser_usec 3\n' }));
    expect(text.split('\n')[0]).toMatch(/,psi_cpu_some_us$/);
  });

  test('says why there is nothing where there is no /proc', async () => {
    const { outcome, summary } = await recordedOn(machineOf({ other: '' }));
    expect(outcome).toEqual({ sampling: false, why: 'there is no /proc here: no host samples' });
    expect(summary).toMatchObject({ file: null, samples: 0 });
  });

  test('ends on a full disk, and says so', async () => {
    const out = newFolder();
    symlinkSync('/dev/full', join(out, 'host.csv'));
    const told: string[] = [];
    const sampler = hostSampler({ intervalMs: 10, tell: sentence => told.push(sentence), root: machineOf(MACHINE) });
    const why = 'host.csv ends early: the disk is full';
    expect(await sampler.start(out)).toEqual({ sampling: false, why });
    expect(sampler.running()).toBe(false);
    expect(told).toEqual([why]);
    const { file, samples, missing } = await sampler.stop();
    expect([file, samples, besidesCadence(missing)]).toEqual([null, 0, [why]]);
  });

  test('is no failure where the folder cannot be written', async () => {
    const sampler = hostSampler({ intervalMs: 10, tell: () => {}, root: machineOf(MACHINE) });
    expect(await sampler.start(join(folder, 'nowhere'))).toEqual({
      sampling: false,
      why: 'nothing can be written (there is no such file)',
    });
    await sampler.stop();
  });
});
