import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import type { NamedFiles } from '#app/inputs/load-inputs';
import { Report } from '#schema/report';
import { assertBuilt, failureOf, runCli } from './run-cli.ts';
import { writeSmallCase } from './small-case.ts';
import { some } from './thorough.ts';

const PATIENCE = 120_000;
const root = mkdtempSync(join(tmpdir(), 'readable inputs '));
const plain = join(root, 'plain');
/** What may be left behind shows here alone. */
const temporary = join(root, 'tmp');
const before = process.env['TMPDIR'];
const trace = join(plain, 'trace.sqlite');
const COUNT = ['query', '--sql', 'SELECT count(*) AS n FROM kernel', '--csv'];
let kernels = '';

const has = (program: string) => spawnSync(program, ['--version']).status === 0;
const pack = (program: string, file: string, to: string) =>
  writeFileSync(to, spawnSync(program, ['-c', file], { maxBuffer: 2 ** 28 }).stdout);
/** A folder of its own with the small case, its trace taken out. */
function without(name: string): string {
  const folder = join(root, name);
  cpSync(plain, folder, { recursive: true });
  rmSync(join(folder, 'trace.sqlite'));
  return folder;
}
/** As the command does, less the drawing of a report: other tests draw. */
const analyzed = async (path: string, named: NamedFiles = {}): Promise<Report> => runAnalysis(path, named, NO_CORRECTION, () => {});
/** Of the case with nothing compressed. */
let whole: Report;

beforeAll(async () => {
  assertBuilt();
  mkdirSync(temporary);
  process.env['TMPDIR'] = temporary;
  writeSmallCase(plain);
  kernels = (await runCli([...COUNT, trace])).stdout;
  expect(kernels).toMatch(/^n\r\n\d+\r\n$/);
  whole = await analyzed(plain);
}, PATIENCE);
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(root, { recursive: true, force: true });
});

describe.each(
  some(
    [
      ['xz', 'xz'],
      ['zstd', 'zst'],
    ] as const,
    2,
    'compressed files',
  ),
)('what %s compressed', (program, ending) => {
  if (!has(program)) process.stderr.write(`*** SKIPPED without ${program}: files that it compressed NOT checked. ***\n`);
  test.skipIf(!has(program))(
    'is read like what it holds: trace, requests and samples',
    async () => {
      const folder = without(`of ${program}`);
      pack(program, trace, join(folder, `trace.sqlite.${ending}`));
      for (const name of ['requests.jsonl', 'gpu.csv']) {
        pack(program, join(folder, name), join(folder, `${name}.${ending}`));
        rmSync(join(folder, name));
      }
      const packed = await analyzed(folder);
      expect(packed.inputs.map(i => i.path).toSorted()).toContain(`requests.jsonl.${ending}`);
      expect(packed.answer).toBe(whole.answer);
      expect(packed.books).toEqual(whole.books);
      expect((await runCli([...COUNT, folder])).stdout).toBe(kernels);
      expect(readdirSync(temporary)).toEqual([]);
    },
    PATIENCE,
  );
  test('says which program is missing, and how to get it', async () => {
    const file = join(root, `only.sqlite.${ending}`);
    writeFileSync(file, Buffer.from(program === 'xz' ? [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] : [0x28, 0xb5, 0x2f, 0xfd, 0, 0]));
    const { sentence, hint } = failureOf(await runCli([...COUNT, file], { PATH: root }));
    expect(sentence).toContain(`the program ${program} is not on PATH`);
    expect(hint).toContain(`Install ${program}`);
  });
  test.skipIf(!has(program))('and cut off is damaged', async () => {
    const whole = join(root, `whole.${ending}`);
    pack(program, trace, whole);
    const cut = join(root, `cut.sqlite.${ending}`);
    writeFileSync(cut, readFileSync(whole).subarray(0, 2000));
    expect(failureOf(await runCli([...COUNT, cut])).sentence).toContain(`is a damaged or cut-off ${program} file`);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

test(
  'gzipped requests and samples are read, and are no traces',
  async () => {
    const folder = join(root, 'gzipped');
    cpSync(plain, folder, { recursive: true });
    for (const name of ['requests.jsonl', 'gpu.csv']) {
      writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name))));
      rmSync(join(folder, name));
    }
    expect((await analyzed(folder)).answer).toBe(whole.answer);
    expect((await runCli(['audit', join(folder, 'requests.jsonl.gz')])).stdout).toContain('No contradiction');
  },
  PATIENCE,
);

describe('a recording of nsys', () => {
  /** An nsys that knows no other recording than this trace: what it is asked is written beside it. */
  const bin = join(root, 'bin');
  const asked = join(root, 'asked');
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  beforeAll(() => {
    mkdirSync(bin);
    const script = `#!/bin/sh
echo "$@" >> '${asked}'
case "$1" in
  --version) echo 'NVIDIA Nsight Systems version 2025.3.1.1-0';;
  export) while [ $# -gt 1 ]; do [ "$1" = --output ] && out="$2"; shift; done
    if grep -q broken "$1"; then echo 'Importer error: no such event'; exit 1; fi
    cp '${trace}' "$out";;
esac
`;
    writeFileSync(join(bin, 'nsys'), script, { mode: 0o755 });
  });
  test(
    'is exported for the analysis, alone or in a folder, and nothing is left behind',
    async () => {
      const folder = without('recorded');
      const recording = join(folder, "it's run.nsys-rep");
      writeFileSync(recording, 'recording');
      for (const named of [recording, folder]) {
        const run = await runCli([...COUNT, named], { PATH: path });
        expect(run.stdout).toBe(kernels);
        expect(run.stderr).toContain("exporting it's run.nsys-rep with nsys");
      }
      const run = await runCli(['analyze', folder, '--json', '--out', join(root, 'of recording')], { PATH: path });
      expect(Report.parse(JSON.parse(run.stdout)).inputs.map(i => i.path)).toContain("it's run.nsys-rep");
      expect(readFileSync(recording, 'utf8')).toBe('recording');
      expect(readdirSync(temporary)).toEqual([]);
      expect(readFileSync(asked, 'utf8')).toContain('export --type sqlite');
    },
    PATIENCE,
  );
  test('beside its export is not exported again', async () => {
    const folder = join(root, 'both');
    cpSync(plain, folder, { recursive: true });
    writeFileSync(join(folder, 'trace.nsys-rep'), 'broken');
    expect((await runCli([...COUNT, folder], { PATH: path })).stdout).toBe(kernels);
  });
  test('that nsys cannot read is an error in one sentence, with the command', async () => {
    const broken = join(root, 'broken.nsys-rep');
    writeFileSync(broken, 'broken');
    const { sentence, hint } = failureOf(await runCli(['doctor', broken], { PATH: path }));
    expect(sentence).toContain('no such event');
    expect(sentence).not.toContain(temporary);
    expect(hint).toContain('nsys export --type sqlite');
  });
  // Where nsys lies in a usual place, it is found without PATH.
  const isInstalled = ['/opt/nvidia/nsight-systems', '/opt/nvidia/nsight-systems-cli', '/usr/local/cuda/nsight-systems'].some(folder =>
    existsSync(folder),
  );
  test.skipIf(isInstalled)('without nsys is refused with the exact command', async () => {
    const recording = join(root, 'a run.nsys-rep');
    writeFileSync(recording, 'recording');
    const { sentence, hint } = failureOf(await runCli(['analyze', recording, '--out', join(root, 'none')], { PATH: root }));
    expect(sentence).toContain('is a recording that only nsys can read');
    expect(hint).toContain(`nsys export --type sqlite --output '${join(root, 'a run.sqlite')}' '${recording}'`);
    const raw = join(root, 'raw.qdstrm');
    writeFileSync(raw, 'raw');
    expect(failureOf(await runCli(['doctor', raw], { PATH: root })).hint).toContain('QdstrmImporter -i ');
  });
});

describe('a folder wherever a file goes', () => {
  test.each([
    ['doctor', ['doctor']],
    ['query', COUNT],
  ])('%s takes the trace in it', async (_, words) => expect((await runCli([...words, plain])).code).toBe(0));
  test('two traces in it are said, not guessed between', async () => {
    const folder = join(root, 'two');
    mkdirSync(folder);
    for (const name of ['a.sqlite', 'b.sqlite']) copyFileSync(trace, join(folder, name));
    expect(failureOf(await runCli([...COUNT, folder])).sentence).toContain('holds 2 traces (a.sqlite, b.sqlite)');
  });
  test(
    'analyze takes one for each kind of file, and only that kind of it',
    async () => {
      const folder = join(root, 'around');
      cpSync(plain, folder, { recursive: true });
      rmSync(join(folder, 'host.csv'));
      renameSync(join(folder, 'trace.sqlite'), join(root, 'alone.sqlite'));
      const report = await analyzed(join(root, 'alone.sqlite'), { requests: folder, gpu: [folder] });
      expect(report.inputs.map(i => i.kind).toSorted()).toEqual(['gpu', 'requests', 'trace']);
      expect(failureOf(await runCli(['analyze', trace, '--host', folder, '--out', join(root, 'no host')])).sentence).toContain(
        'holds no file of host data',
      );
    },
    PATIENCE,
  );
  test('audit and energy take the files in it, and say what they pass over', async () => {
    const folder = without('results');
    writeFileSync(join(folder, 'notes.bin'), Buffer.from([0, 1, 2, 0]));
    const audit = await runCli(['audit', folder]);
    expect(audit.stdout).toContain('requests.jsonl');
    expect(audit.stderr).toContain('passed over notes.bin');
    expect(audit.code).not.toBe(2);
    const energy = await runCli(['energy', folder, '--zone-hours', '0']);
    expect([energy.code, energy.stderr.includes('error')]).toEqual([0, false]);
  });
  test('redact copies the trace in it', async () => {
    const { code, stdout } = await runCli(['redact', plain, '--out', join(root, 'redacted.sqlite'), '--json']);
    expect([code, JSON.parse(stdout).copy]).toEqual([0, join(root, 'redacted.sqlite')]);
  });
});

test.each([
  ['monitor', ['--duration', '1m', '--gpu-interval', '1m', '--no-host', '--no-gpu'], 'leave nothing to sample'],
  ['query', ['--timeout', '1m', '--sql', 'SELECT 1 AS n', 'nowhere.sqlite'], 'does not exist'],
  ['load', ['http://127.0.0.1:1/x', '--duration', '1m', '--timeout', '1m', '--drain', '1m'], 'how much is to be sent'],
  ['analyze', ['nowhere.sqlite', '--requests-offset-ms', '-1m'], 'does not exist'],
  ['capture', ['--duration', '1m', '--every', '1m', '--gpu-interval', '1m'], 'there is nothing to run'],
])('%s reads 1m as a length of time', async (command, words, next) =>
  expect(failureOf(await runCli([command, ...words])).sentence).toContain(next),
);
