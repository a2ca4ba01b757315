import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Health } from '#schema/health';
import { failureOf, runCli } from './run-cli.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const NVIDIA = join(SHARED, 'samples/nvidia');
const VALIDATION = join(SHARED, 'samples/validation');
const BOARDS = join(SHARED, 'cases/files/18-topo-boards');
const PHYS = join(SHARED, 'captures/phys');
sayWhatIsMissing('the rules on outputs of real machines were', NVIDIA, VALIDATION, BOARDS, PHYS);

const root = mkdtempSync(join(tmpdir(), 'forensics-doctor-machine-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** A folder of saved outputs: files that lie elsewhere, and texts by name. */
function saved(files: readonly string[], texts: Readonly<Record<string, string>> = {}): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  for (const file of files) cpSync(file, join(folder, basename(file)));
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  return folder;
}
const doctor = (...args: readonly string[]) => runCli(['doctor', '--machine', ...args]);
async function healthOf(folder: string, ...args: readonly string[]) {
  const { stdout, code } = await doctor('--from', folder, '--json', ...args);
  const health = Health.parse(JSON.parse(stdout));
  const grave = health.findings.filter(f => f.severity !== 'info').map(f => f.id.replace('machine-', ''));
  return { health, code, grave };
}

const TOPOLOGY = '\tGPU0\tGPU1\nGPU0\t X \tPHB\nGPU1\tPHB\t X \n';
const links = (...inactive: readonly number[]) =>
  [0, 1]
    .map(gpu => {
      const states = Array.from(
        { length: 18 },
        (_, k) => `\t Link ${k}: ${gpu === 1 && inactive.includes(k) ? '<inactive>' : '26.562 GB/s'}`,
      );
      return [`GPU ${gpu}: NVIDIA H200 (UUID: GPU-0)`, ...states].join('\n');
    })
    .join('\n');

describe('saved outputs', () => {
  test('tell what is expected and what was found, and the guide’s advice for PCIe', async () => {
    const { stdout, code } = await doctor('--from', saved([], { 'nvlink.txt': links(3, 7), 'topo.txt': TOPOLOGY }));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^This machine is not what it should be\. /);
    expect(stdout).toMatch(/high {2}inactive-links: .*GPU 1: links expected 18, found 16/);
    expect(stdout).toMatch(/high {2}pcie-pairs: .*GPU 0-GPU 1: link PHB/);
    expect(stdout).toMatch(/pin the job to one root complex, lower the load by 25 to 30 %/);
    expect(stdout).toMatch(/Topology {14}: PCIe only, no NVLink/);
    expect(stdout).toMatch(/^Not judged: ecc-errors \(needs nvidia-smi -q -x\)$/m);
  });
  test('of a healthy machine are called so, with what was not judged', async () => {
    const { health, code } = await healthOf(saved([], { 'nvlink.txt': links() }));
    expect(code).toBe(0);
    expect(health.answer).toMatch(
      /^Nothing is wrong with this machine, as far as 1 of \d+ rules can tell\. The others had nothing to go by\.$/,
    );
    expect(health.judged).toEqual(['inactive-links']);
  });
  test('with other GPUs than were expected fail', async () => {
    const folder = saved([], { 'nvlink.txt': links() });
    expect((await healthOf(folder, '--expect', '2xH200')).code).toBe(0);
    expect((await healthOf(folder, '--expect', '8xH200')).grave).toEqual(['unexpected-gpus']);
    expect((await healthOf(folder, '--expect', '2xB200')).grave).toEqual(['unexpected-gpus']);
  });
});

describe('the command line', () => {
  const refused = async (...args: readonly string[]) => failureOf(await runCli(['doctor', ...args])).sentence;
  test('refuses what says nothing together', async () => {
    expect(await refused('--from', root)).toMatch(/--from says nothing without --machine/);
    expect(await refused('--machine', 'trace.sqlite')).toMatch(/trace\.sqlite was named beside --machine/);
    expect(await refused('--machine', '--from', join(root, 'nowhere'))).toMatch(/nowhere does not exist/);
    expect(await refused('--machine', '--from', saved([]))).toMatch(/holds no output that tells the state of a machine/);
    expect(await refused('--machine', '--from', join(saved([], { 'a.json': '{}' }), 'a.json'))).toMatch(
      /is no snapshot as this version writes it/,
    );
  });
  test('takes a number and a model as --expect', async () =>
    expect((await runCli(['doctor', '--machine', '--expect', 'eight'])).stderr).toMatch(/as 8xB200/));
  test('judges the environment that it inherits, wherever it runs', async () => {
    const { stdout, code } = await runCli(['doctor', '--machine'], { PATH: root, NCCL_P2P_DISABLE: '1', NCCL_NVLINK_C2C_ENABLE: '1' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/high {2}nccl-p2p-disabled: .*NCCL_P2P_DISABLE=1/);
    expect(stdout).toMatch(/low {2}unknown-nccl-variables: .*NCCL_NVLINK_C2C_ENABLE=1/);
  });
  test('gives no clean bill where there is no GPU', async () =>
    expect(await runCli(['doctor', '--machine'], { PATH: root, NCCL_P2P_DISABLE: undefined })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error there is no GPU to judge here: nvidia-smi is not on PATH$/m),
    }));
});

describe.skipIf(!existsSync(NVIDIA))('outputs of real machines', () => {
  const nvidia = (...names: readonly string[]) => saved(names.map(name => join(NVIDIA, name)));
  test.each<readonly [string, readonly string[]]>([
    ['qx-a100.xml', []],
    ['qx-b200.xml', []],
    ['qx-h100.xml', []],
    ['qx-l40s.xml', []],
    ['qx-gb200-healthy.xml', []],
    ['qx-gb200-ecc-injected.xml', ['ecc-errors']],
    ['qx-gb200-fabric-degraded.xml', ['degraded-fabric']],
    ['qx-gb200-lost.xml', ['ecc-errors', 'lost-gpu']],
    ['nvlink_status_8xA100.txt', []],
    ['dmesg_xid_119.log', ['xid']],
    ['fabricmanager.log', ['fabric-manager-errors']],
  ])('%s: %j', async (name, faults) => {
    const { grave, code } = await healthOf(nvidia(name));
    expect(grave.toSorted()).toEqual(faults);
    expect(code).toBe(faults.length > 0 ? 1 : 0);
  });
  test('a counter that rose at full load is a remark', async () => {
    const { health } = await healthOf(nvidia('qx-gb200-throttle-counters.xml'));
    expect(health.findings).toMatchObject([
      { id: 'machine-clock-slowdown', severity: 'info', title: expect.stringMatching(/sw_power_cap/) },
    ]);
  });
  test('two H200 are healthy, and their mesh is whole', async () => {
    const { health } = await healthOf(nvidia('h200x2-nvlink.txt', 'h200x2-topo.txt', 'h200x2-smi_q.xml'), '--expect', '2xH200 SXM');
    expect(health).toMatchObject({ findings: [], nvlink: { topology: 'NV18 mesh (fully enabled)' } });
  });
});

test.skipIf(!existsSync(BOARDS))('a B200 off the fabric of its seven neighbours is seen', async () => {
  const { health } = await healthOf(saved([join(NVIDIA, 'qx-b200.xml'), join(BOARDS, 'b200_gpu2off.txt')]));
  expect(health.findings[0]).toMatchObject({ id: 'machine-pcie-pairs', severity: 'high' });
  expect(health.nvlink?.topology).toBe('NV18 mesh (7 of 28 pairs over PCIe)');
});

test.skipIf(!existsSync(VALIDATION))('a machine whose tests failed is told of, with what NVLink reached', async () => {
  const { grave, health } = await healthOf(VALIDATION);
  expect(grave).toEqual(['failed-tests']);
  expect(health.nvlink?.all_reduce_gb_per_s).toBeCloseTo(235.3, 0);
});

test.skipIf(!existsSync(PHYS))('measurements of a healthy pair come out as the guide’s summary', async () => {
  const { stdout, code } = await doctor(
    '--from',
    saved([join(PHYS, 'physics.json'), join(PHYS, 'gpu.csv'), join(NVIDIA, 'h200x2-topo.txt')]),
  );
  expect(code).toBe(0);
  const physics = JSON.parse(readFileSync(join(PHYS, 'physics.json'), 'utf8')) as {
    p2p: { gbps: number }[];
    nccl: { busbw_gbps: number }[];
  };
  const [p2p, reduced] = [Math.max(...physics.p2p.map(p => p.gbps)), Math.max(...physics.nccl.map(n => n.busbw_gbps))];
  expect(stdout).toContain(`  Peak P2P bandwidth    : ${p2p.toFixed(1)} GB/s\n  AllReduce max         : ${reduced.toFixed(1)} GB/s\n`);
  expect(stdout).toContain('  Topology              : NV18 mesh (fully enabled)\n');
});
