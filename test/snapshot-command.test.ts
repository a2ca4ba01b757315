import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Drift } from '#schema/drift';
import { Snapshot } from '#schema/snapshot';
import { PLANTED } from './planted-secrets.ts';
import { knowState, pretendNvidiaSmi, STATE } from './pretend-nvidia-smi.ts';
import { failureOf, runCli } from './run-cli.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const FORMATS = resolve(import.meta.dirname, '../src/input/formats');
const sample = (format: string, ending: string) => readFileSync(join(FORMATS, format, `sample.${ending}`), 'utf8');
const root = mkdtempSync(join(tmpdir(), 'snapshot-command-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
/** A folder of saved outputs, under names that say nothing. */
function saved(files: Readonly<Record<string, string>>): string {
  const folder = join(root, `saved-${folders++}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
/** The same commands that a person would save, one file each. */
const ALL = {
  a: STATE,
  b: sample('nvidia-smi-topo', 'txt'),
  c: sample('nvidia-smi-nvlink', 'txt'),
  d: sample('xid-log', 'log'),
  e: sample('fabricmanager', 'log'),
  f: sample('nccl-log', 'log'),
  g: sample('vllm-log', 'log'),
};
const snapshotOf = async (folder: string): Promise<Snapshot> => {
  const { code, stdout } = await runCli(['snapshot', '--from', folder, '--json']);
  expect(code).toBe(0);
  return Snapshot.parse(JSON.parse(stdout));
};
const value = ({ facts }: Snapshot, entity: string, name: string) => facts.find(f => f.entity === entity && f.name === name)?.value;

describe('of saved outputs', () => {
  test('files are known by their content, and all that they say is there', async () => {
    const snapshot = await snapshotOf(saved(ALL));
    expect(snapshot.sources.map(s => s.format)).toEqual([
      ...['nvidia-smi-xml', 'nvidia-smi-topo', 'nvidia-smi-nvlink', 'xid-log', 'fabricmanager', 'nccl-log', 'vllm-log'],
    ]);
    expect(snapshot.xids?.map(x => x.xid)).toEqual([94, 63, 119]);
    expect([
      value(snapshot, 'GPU 0', 'product_name'),
      value(snapshot, 'GPU 0-GPU 1', 'link'),
      value(snapshot, 'GPU 0 link 2', 'active'),
      value(snapshot, 'fabric manager', 'sxid 12028'),
      value(snapshot, 'environment', 'NCCL_P2P_DISABLE'),
      value(snapshot, 'vLLM', 'tensor_parallel_size'),
      value(snapshot, 'kernel log', 'xids'),
    ]).toEqual(['NVIDIA H100 80GB HBM3', 'NV18', false, 1, '1', 2, 3]);
    expect(snapshot.missing.map(m => m.what)).toEqual(['nvidia-smi nvlink -e', 'system.json']);
  });

  test('a log of the kernel without errors is none that is missing', async () => {
    const quiet = await snapshotOf(
      saved({ ...ALL, d: '[    0.000000] Linux version 6.8.0\n[    1.200000] NVRM: loading NVIDIA UNIX Open Kernel Module\n' }),
    );
    expect(quiet.xids).toEqual([]);
    expect(value(quiet, 'kernel log', 'xids')).toBe(0);
    const { d: _, ...rest } = ALL;
    const unread = await snapshotOf(saved(rest));
    expect(unread.xids).toBeNull();
    expect(unread.missing).toContainEqual({ what: 'dmesg', why: 'no file of the folder holds it' });
  });

  test('what is no output of a machine is passed over with a word, and nothing of it is guessed', async () => {
    const snapshot = await snapshotOf(saved({ a: STATE, 'notes.txt': 'the machine is slow\n', 'cut.xml': STATE.slice(0, 900) }));
    expect(snapshot.notes).toEqual([
      expect.stringMatching(/^cut\.xml: passed over: .*cut off/),
      'notes.txt: passed over, its format is not known.',
    ]);
    const two = await snapshotOf(saved({ a: STATE, b: STATE.replace('<driver_version>580.159.04', '<driver_version>590.1') }));
    expect(value(two, 'machine', 'driver_version')).toBe('580.159.04');
    expect(two.notes.join()).toContain('b: passed over, a is of the same kind');
  });

  test.each<[string, (path: string) => readonly string[], string]>([
    ['an empty folder', path => ['--from', path], 'holds no output that tells the state of a machine'],
    ['no such folder', path => ['--from', join(path, 'nowhere')], 'does not exist'],
    ['what is no snapshot', path => ['--from', join(path, '..', 'no.json')], 'is no snapshot as this version writes it'],
    ['--fail-on alone', () => ['--fail-on', 'high'], '--fail-on was given without --diff'],
  ])('%s is refused in a sentence', async (_, args, sentence) => {
    writeFileSync(join(root, 'no.json'), '{"schema":"forensics.snapshot/1"}');
    expect(failureOf(await runCli(['snapshot', ...args(saved({}))])).sentence).toContain(sentence);
  });
});

describe('of this machine', () => {
  const bin = join(root, 'bin');
  let snapshot: Snapshot;
  let text: string;
  beforeAll(async () => {
    const env = {
      ...pretendNvidiaSmi(bin),
      ...PLANTED,
      NCCL_COMM_ID: '10.7.3.1:4711',
      NCCL_TOPO_FILE: '/home/mallory/topo.xml',
      TORCH_HOME: '/home/mallory',
    };
    knowState(bin);
    const { code, stdout } = await runCli(['snapshot', '--json'], { ...env, PATH: `${bin}:${process.env['PATH']}` });
    expect(code).toBe(0);
    text = stdout;
    snapshot = Snapshot.parse(JSON.parse(stdout));
  });

  test('every program was asked, and each answer is a fact', () => {
    expect(snapshot.sources.map(s => s.what)).toEqual([
      'nvidia-smi -q -x',
      'nvidia-smi topo -m',
      'nvidia-smi nvlink -s',
      'nvidia-smi nvlink -e',
    ]);
    expect([
      value(snapshot, 'machine', 'confidential_compute'),
      value(snapshot, 'GPU 1 link 1', 'crc_errors'),
      value(snapshot, 'GPU 1 link 1', 'active'),
      value(snapshot, 'environment', 'NCCL_DEBUG'),
    ]).toEqual(['OFF', 3, true, 'INFO']);
    expect(value(snapshot, 'host', 'threads')).toBeGreaterThan(0);
    expect(value(snapshot, 'container', 'open_files')).toBeDefined();
    expect(BigInt(snapshot.taken_ns ?? 0)).toBeGreaterThan(1_700_000_000_000_000_000n);
  });
  test('what could not be had says why', () => {
    expect(snapshot.missing.every(m => m.what !== '' && m.why !== '')).toBe(true);
    // Where nsys is installed its version is told, and elsewhere why it is not.
    const isMissing = snapshot.missing.some(m => m.what === 'version of nsys');
    expect(isMissing).toBe(value(snapshot, 'software', 'nsys') === undefined);
  });
  test('boards are told apart by hashes, and nothing names a person, a host, a board or a secret', () => {
    const [one, other] = [value(snapshot, 'GPU 0', 'uuid_hash'), value(snapshot, 'GPU 1', 'uuid_hash')];
    expect(one).toMatch(/^[\da-f]{16}$/);
    expect(one).not.toBe(other);
    // Both pretended boards have one serial number: hashed with the UUID it is two.
    expect(value(snapshot, 'GPU 0', 'serial_hash')).not.toBe(value(snapshot, 'GPU 1', 'serial_hash'));
    const secrets = [
      'mallory',
      'dgx-42',
      'example.org',
      'zenith',
      'hf_Qq',
      'correct horse',
      '10.7.3.1',
      '6f1c2a34',
      '7e2d3b45',
      '1650124014249',
      '4711',
    ];
    expect(secrets.filter(s => text.includes(s))).toEqual([]);
    expect(text).not.toContain(`"${hostname()}"`);
  });
});

describe('the page', () => {
  const page = async (snapshot: string, ...more: readonly string[]) => {
    const out = join(root, `page-${folders++}`);
    mkdirSync(out);
    const { code, stdout } = await runCli(['snapshot', '--from', snapshot, '--out', join(out, 'monday.json'), ...more]);
    expect(code).toBe(0);
    expect(stdout).toContain('Wrote monday.json, monday.html, monday.md');
    return {
      html: readFileSync(join(out, 'monday.html'), 'utf8'),
      md: readFileSync(join(out, 'monday.md'), 'utf8'),
      json: join(out, 'monday.json'),
    };
  };
  test('opens offline, runs nothing, and says what the JSON says', async () => {
    const { html, md, json } = await page(saved(ALL));
    expect(html).toContain('content="default-src &#39;none&#39;;');
    expect(html).not.toMatch(/<script|<link|<img|src=|https?:\/\//);
    for (const text of [html, md]) {
      expect(text).toContain('2 NVIDIA H100 80GB HBM3');
      expect(text).toContain('NCCL_P2P_DISABLE');
      expect(text).toContain('nvidia-smi nvlink -e');
    }
    expect(Snapshot.parse(JSON.parse(readFileSync(json, 'utf8'))).facts.length).toBeGreaterThan(100);
    expect((await page(saved(ALL))).html).toBe(html);
  });
  test('what a file holds stays text', async () => {
    const { html } = await page(saved({ a: STATE.replace('NVIDIA H100 80GB HBM3', '&lt;b onmouseover=x&gt;') }));
    expect(html).not.toContain('<b onmouseover');
    expect(html).toContain('&lt;b onmouseover');
  });
});

describe('--diff', () => {
  const diff = async (before: string, now: string, ...more: readonly string[]) =>
    runCli(['snapshot', '--from', now, '--diff', before, ...more]);
  test('equal snapshots say so', async () => {
    const { code, stdout } = await diff(saved(ALL), saved(ALL), '--fail-on', 'low');
    expect([code, stdout]).toEqual([0, 'Nothing changed: the machine is as it was.\n']);
  });
  test('changes are told the worst first, and exit codes are those of findings', async () => {
    const worse = STATE.replace('<current_link_width>16x', '<current_link_width>8x').replace(
      '<driver_version>580.159.04',
      '<driver_version>590.44.01',
    );
    const [before, now] = [saved(ALL), saved({ ...ALL, a: worse, c: ALL.c.replace('Link 2: 26.562 GB/s', 'Link 2: <inactive>') })];
    const { code, stdout } = await diff(before, now);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'GPU 1 has 2 active NVLinks; it had 3. 2 more changes beside it.',
      '',
      'high          GPU 1 has 2 active NVLinks; it had 3.',
      'high          GPU 0: current link width was 16 x and is 8 x.',
      'medium        The driver was 580.159.04 and is 590.44.01.',
      '',
    ]);
    expect((await diff(before, now, '--fail-on', 'high')).code).toBe(1);
    expect(
      (await diff(before, saved({ ...ALL, a: STATE.replace('<driver_version>580.159.04', '<driver_version>590') }), '--fail-on', 'high'))
        .code,
    ).toBe(0);
    const json = await diff(before, now, '--json');
    expect(Drift.parse(JSON.parse(json.stdout)).items.map(i => i.kind)).toEqual(['fewer-links', 'pcie-width', 'driver']);
  });
  test('a case stands for its snapshot', async () => {
    const folder = saved({ 'case.json': '{}', 'journal.jsonl': '' });
    await runCli(['snapshot', '--from', saved(ALL), '--out', join(folder, 'snapshot.json')]);
    expect((await diff(folder, saved(ALL))).stdout).toBe('Nothing changed: the machine is as it was.\n');
  });
  test('two snapshots that were written are compared as well', async () => {
    const out = join(root, 'old.json');
    await runCli(['snapshot', '--from', saved(ALL), '--out', out]);
    expect((await diff(out, out)).stdout).toContain('Nothing changed');
    const { f: _, ...rest } = ALL;
    expect((await diff(out, saved(rest))).stdout).toContain(
      'not compared  Variables of the environment: only the earlier snapshot tells of it.',
    );
  });
});

const NVIDIA = join(SHARED, 'samples/nvidia');
sayWhatIsMissing('snapshots of real machines', NVIDIA);
describe.skipIf(!existsSync(NVIDIA))('real machines', () => {
  const real = (...names: readonly string[]): string => {
    const folder = saved({});
    for (const name of names) copyFileSync(join(NVIDIA, name), join(folder, name));
    return folder;
  };
  test('two H200', async () => {
    const { code, stdout } = await runCli(['snapshot', '--from', real('h200x2-smi_q.xml', 'h200x2-topo.txt', 'h200x2-nvlink.txt')]);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe(
      '2 NVIDIA H200, driver 580.159.04 (CUDA 13.0), joined by NV18. 36 of 36 NVLinks are active. 6 things are not known.',
    );
  });
  test.each([
    ['qx-gb200-lost.xml', 'GPU 1 does not answer: the driver says “GPU is lost”.'],
    ['qx-gb200-ecc-injected.xml', 'GPU 0: volatile dram uncorrectable rose by 5, from 0 to 5.'],
    ['qx-gb200-fabric-degraded.xml', 'GPU 1: health summary is Unhealthy; there was none before.'],
  ])('%s is worse than the healthy one, and why comes first', async (name, worst) => {
    const { code, stdout } = await runCli(['snapshot', '--from', real(name), '--diff', real('qx-gb200-healthy.xml'), '--fail-on', 'high']);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^${worst.replaceAll('.', '\\.')}`));
  });
  test('the healthy one is as it was', async () => {
    const { code, stdout } = await runCli([
      'snapshot',
      '--from',
      real('qx-gb200-healthy.xml'),
      '--diff',
      real('qx-gb200-healthy.xml'),
      '--fail-on',
      'low',
    ]);
    expect([code, stdout]).toEqual([0, 'Nothing changed: the machine is as it was.\n']);
  });
});
