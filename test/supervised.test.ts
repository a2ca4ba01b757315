import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assertBuilt, failureOf, MAIN, spawnCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'supervised-'));
const FIXTURE = resolve(import.meta.dirname, '../fixtures/clean');
const programs = join(root, 'bin');
const packed = join(root, 'trace.sqlite.xz');
let made = 0;

/** A folder for temporary files, to see what stays in it. */
const ownTmp = () => {
  const tmp = join(root, `tmp ${++made}`);
  mkdirSync(tmp);
  return tmp;
};
const out = () => join(root, `out ${++made}`);

beforeAll(() => {
  assertBuilt();
  mkdirSync(programs);
  writeFileSync(packed, Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]));
  // It unpacks for ever, and ends once nobody reads.
  writeFileSync(join(programs, 'xz'), '#!/bin/sh\nwhile echo x; do sleep 0.1; done\n');
  chmodSync(join(programs, 'xz'), 0o755);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const endless = (tmp: string) => ({ TMPDIR: tmp, PATH: `${programs}:${process.env['PATH']}` });
const until = async (holds: () => boolean) => {
  while (!holds()) await sleep(20);
};
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number);
const isAlive = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));

interface Analyzing {
  readonly child: ChildProcess;
  readonly ended: Promise<NodeJS.Signals | null>;
}
function analyzing(trace: string, tmp: string): Analyzing {
  const env = { ...process.env, ...endless(tmp) };
  const child = spawn(process.execPath, [MAIN, 'analyze', trace, '--out', out()], { stdio: 'ignore', env });
  return { child, ended: new Promise(done => child.once('exit', (_, signal) => done(signal))) };
}
/** An analysis that is unpacking its trace. */
async function unpacking(tmp: string): Promise<Analyzing> {
  const running = analyzing(packed, tmp);
  await until(() => readdirSync(tmp).length > 0);
  return running;
}

test('Ctrl-C leaves nothing of what was being unpacked, and ends the process as it would any other', async () => {
  const tmp = ownTmp();
  const { child, ended } = await unpacking(tmp);
  child.kill('SIGINT');
  expect(await ended).toBe('SIGINT');
  expect(readdirSync(tmp)).toEqual([]);
});

test.runIf(process.platform === 'linux')('Ctrl-C ends the nsys that exports a recording, too', async () => {
  const [recording, started] = [join(root, 'a.nsys-rep'), join(root, 'exporting')];
  writeFileSync(recording, '');
  const nsys = `case "$1 $2" in "--version "*) echo 2025.3.1 ;; *--help) ;; *) echo $$ >"${started}"; exec sleep 600 ;; esac`;
  writeFileSync(join(programs, 'nsys'), `#!/bin/sh\n${nsys}\n`, { mode: 0o755 });
  const { child, ended } = analyzing(recording, ownTmp());
  await until(() => existsSync(started) && readFileSync(started, 'utf8').endsWith('\n'));
  child.kill('SIGINT');
  expect(await ended).toBe('SIGINT');
  expect(isAlive(Number(readFileSync(started, 'utf8')))).toBe(false);
});

test.runIf(process.platform === 'linux')('a kill ends the child, too, and whoever comes next removes what it left', async () => {
  const tmp = ownTmp();
  const { child, ended } = await unpacking(tmp);
  const [reader = 0] = childrenOf(child.pid ?? 0);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  await until(() => !isAlive(reader));
  expect(readdirSync(tmp)).toHaveLength(1);
  spawnCli(['audit', join(root, 'nowhere')], { TMPDIR: tmp });
  expect(readdirSync(tmp)).toEqual([]);
});

test('a step that does not end is ended', () => {
  const tmp = ownTmp();
  const { sentence, hint } = failureOf(spawnCli(['analyze', packed, '--out', out()], { ...endless(tmp), FORENSICS_STEP_SECONDS: '5' }));
  expect(sentence).toContain('forensics analyze was ended: it got no further in 5 s');
  expect(hint).toContain('FORENSICS_STEP_SECONDS=');
  expect(readdirSync(tmp)).toEqual([]);
});

test('where Node runs out of memory, that is one sentence', () => {
  const { sentence, hint } = failureOf(
    spawnCli(['analyze', join(FIXTURE, 'trace.sqlite.gz'), '--out', out()], { NODE_OPTIONS: '--max-old-space-size=16' }),
  );
  expect(sentence).toMatch(/^forensics analyze needs more memory than Node gives it, \d+ MiB/);
  expect(hint).toContain('NODE_OPTIONS=--max-old-space-size=');
});

test('a large file that is no trace is refused by its first page, not after all of it is hashed', () => {
  const file = join(root, 'large.sqlite');
  writeFileSync(file, 'no trace');
  // A hole: it takes no room, and minutes to read.
  truncateSync(file, 2 ** 39);
  expect(failureOf(spawnCli(['analyze', file, '--out', out()])).sentence).toContain('is not a SQLite file');
});
