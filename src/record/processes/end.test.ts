import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { endProcesses, endRecording, endTagged, until } from './end.ts';
import { openFiles } from './open-files.ts';
import { type Started, start } from './start.ts';
import { groupOf, isRunning, SESSION_TAG, taggedProcesses } from './tagged-processes.ts';
import { workDone } from './work-done.ts';

const root = mkdtempSync(join(tmpdir(), 'process-'));
let tags = 0;
const newTag = () => `test-${process.pid}-${tags++}`;
afterEach(async () => {
  for (let i = 0; i < tags; i++) await endTagged(`test-${process.pid}-${i}`, 0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Starts a few lines of shell that carry a session tag. */
async function tagged(sessionTag: string, script: string, args: readonly string[] = []): Promise<Started> {
  const log = join(root, 'log');
  return start('sh', ['-c', script, 'sh', ...args], { env: { ...process.env, [SESSION_TAG]: sessionTag }, stdout: log, stderr: log });
}
/** A file of the root, or nothing as long as it is not there. */
const readSafe = (name: string): string => {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    return '';
  }
};
const names = (sessionTag: string) => taggedProcesses(sessionTag).map(p => p.name);

test('a workload that its profiler starts only after the end of all is ended at once, not once the profiler has had its time', async () => {
  const sessionTag = newTag();
  const [nsys, go] = [join(root, 'nsys-starting'), join(root, 'go')];
  writeFileSync(nsys, '#!/bin/sh\nwhile [ ! -e "$1" ]; do sleep 0.05; done\nsleep 600 &\nwait\n', { mode: 0o755 });
  await tagged(sessionTag, 'exec "$1" "$2"', [nsys, go]);
  await until(() => names(sessionTag).includes('nsys-starting'), 5);
  // The first look at what there is to end is over when this returns.
  const ended = endRecording(sessionTag, 0, 600);
  writeFileSync(go, '');
  await ended;
  expect(names(sessionTag)).toEqual([]);
});

describe('tagged processes', () => {
  test('are found by their environment alone, however far from us', async () => {
    const sessionTag = newTag();
    await tagged(sessionTag, 'setsid sh -c "sleep 60 & sleep 60" & exit 0');
    expect(await until(() => names(sessionTag).filter(n => n === 'sleep').length === 2, 5)).toBe(true);
    expect(taggedProcesses(`${sessionTag}0`)).toEqual([]);
    expect(taggedProcesses(sessionTag.slice(0, -1))).toEqual([]);
  });
  test('are no longer there once they have ended, also when nobody has collected them', async () => {
    const sessionTag = newTag();
    // The parent never waits for its child: it stays behind as a zombie.
    const parent = await tagged(sessionTag, 'sleep 0.2 & echo $! > "$1"; exec sleep 60', [join(root, 'zombie')]);
    await until(() => names(sessionTag).length === 2, 5);
    expect(await until(() => names(sessionTag).length === 1, 5)).toBe(true);
    expect(isRunning(Number(readFileSync(join(root, 'zombie'), 'utf8')))).toBe(false);
    expect(isRunning(parent.pid)).toBe(true);
    expect(groupOf(parent.pid)).toBe(parent.pid);
  });
  test('show what they write', async () => {
    const sessionTag = newTag();
    const file = join(root, 'out.qdstrm');
    await tagged(sessionTag, 'exec sleep 60 > "$1"', [file]);
    await until(() => openFiles(sessionTag, /\.qdstrm$/).length > 0, 5);
    expect(openFiles(sessionTag, /\.qdstrm$/)).toEqual([file]);
    // Only the profiler's own work counts.
    expect(workDone(sessionTag)).toEqual({ cpuSeconds: 0, writtenBytes: 0 });
  });
});

test('a process that is gone is in no group', () => {
  expect(groupOf(2 ** 22 + 1)).toBeUndefined();
  expect(isRunning(2 ** 22 + 1)).toBe(false);
});

describe('ending', () => {
  test('is asked for first: who answers, ends in order, though it takes its time', async () => {
    const sessionTag = newTag();
    const child = await tagged(sessionTag, 'trap "sleep 0.5; exit 7" TERM; echo ready > "$1"; while :; do sleep 0.05; done', [
      join(root, 'ready'),
    ]);
    await until(() => readSafe('ready') !== '', 5);
    await endProcesses([child.pid], 5);
    expect(await child.ended).toEqual({ code: 7, signal: null });
  });
  test('is not waited for longer than the grace', async () => {
    const sessionTag = newTag();
    const child = await tagged(sessionTag, 'trap "" TERM; echo ready > "$1"; while :; do sleep 0.05; done', [join(root, 'deaf')]);
    await until(() => readSafe('deaf') !== '', 5);
    await endTagged(sessionTag, 0.3);
    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect(taggedProcesses(sessionTag)).toEqual([]);
  });
  test('also ends what appears meanwhile', async () => {
    const sessionTag = newTag();
    await tagged(sessionTag, 'trap "setsid sleep 60 & exit 0" TERM; echo ready > "$1"; while :; do sleep 0.05; done', [
      join(root, 'last-will'),
    ]);
    await until(() => readSafe('last-will') !== '', 5);
    await endTagged(sessionTag, 5);
    expect(taggedProcesses(sessionTag)).toEqual([]);
  });
  test('spares whom it is told to', async () => {
    const sessionTag = newTag();
    const [kept, ended] = [await tagged(sessionTag, 'exec sleep 60'), await tagged(sessionTag, 'exec sleep 61')];
    await until(() => names(sessionTag).filter(n => n === 'sleep').length === 2, 5);
    await endTagged(sessionTag, 5, p => p.argv[1] === '60');
    expect([isRunning(kept.pid), isRunning(ended.pid)]).toEqual([true, false]);
  });
});

describe('starting', () => {
  test('says how it ended, once it has', async () => {
    const child = await tagged(newTag(), 'exit 5');
    expect(await child.ended).toEqual({ code: 5, signal: null });
    expect(child.ending()).toEqual({ code: 5, signal: null });
  });
  test('refuses what cannot be started, in a sentence', async () => {
    const log = join(root, 'log');
    await expect(start('/no/such/program', [], { env: {}, stdout: log, stderr: log })).rejects.toMatchObject({
      code: 'not-found',
      message: '/no/such/program cannot be started (there is no such file)',
    });
  });
});
