import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { start } from '#record/processes/start';
import { lockCase, lockOf, unlockCase } from './case-lock.ts';
import { cleanUp, sweepParts } from './cleanup.ts';
import { createCase } from './folder.ts';

const TAG = '0123456789ab';
const root = mkdtempSync(join(tmpdir(), 'lock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a case that is locked', () => {
  test('is so until it is released', () => {
    const folder = createCase(join(root, 'locked'));
    expect(lockOf(folder)).toBeUndefined();
    lockCase(folder, TAG);
    expect(lockOf(folder)).toMatchObject({ pid: process.pid, sessionTag: TAG, alive: true });
    unlockCase(folder);
    expect(lockOf(folder)).toBeUndefined();
  });
  test('is nobody’s when who locked it is gone, also where another process has its number now', () => {
    const folder = createCase(join(root, 'gone'));
    const locked = (identity: string, pid: number) =>
      writeFileSync(join(folder.private, 'claim.json'), JSON.stringify({ pid, identity, mark: TAG }));
    locked('boot 4194305 1', 2 ** 22 + 1);
    expect(lockOf(folder)).toMatchObject({ sessionTag: TAG, alive: false });
    locked(`boot ${process.pid} 1`, process.pid);
    expect(lockOf(folder)).toMatchObject({ alive: false });
  });
  test('names processes to end only if it was taken since this machine was started', () => {
    const folder = createCase(join(root, 'foreign'));
    lockCase(folder, TAG);
    expect(lockOf(folder)).toMatchObject({ isOfThisBoot: true });
    writeFileSync(join(folder.private, 'claim.json'), JSON.stringify({ pid: 1, identity: 'another-boot 1 1', mark: TAG }));
    expect(lockOf(folder)).toMatchObject({ alive: false, isOfThisBoot: false });
  });
  test('names none by a tag that nobody draws', () => {
    const folder = createCase(join(root, 'any'));
    lockCase(folder, '');
    expect(lockOf(folder)).toBeUndefined();
  });
  test('is not when the lock was cut off', () => {
    const folder = createCase(join(root, 'torn'));
    writeFileSync(join(folder.private, 'claim.json'), '{"pid":12');
    expect(lockOf(folder)).toBeUndefined();
  });
});

test('what a killed capture without a watchdog left running is ended', async () => {
  const log = join(root, 'log');
  const env = { ...process.env, FORENSICS_CAPTURE: `cleanup-${process.pid}` };
  const child = await start('sleep', ['60'], { env, stdout: log, stderr: log });
  const steps: string[] = [];
  await cleanUp(`cleanup-${process.pid}`, step => steps.push(step));
  expect(await child.ended).toMatchObject({ signal: 'SIGTERM' });
  expect(steps).toEqual(['ending what the capture left running']);
  await cleanUp(`cleanup-${process.pid}`, step => steps.push(step));
  expect(steps).toHaveLength(1);
});

test('what was being written is removed, but for what the workload left', () => {
  const folder = createCase(join(root, 'parts'));
  mkdirSync(join(folder.path, 'report'));
  for (const file of [
    'trace.sqlite.4711.work.part',
    'trace.sqlite.4711.part-journal',
    'case.json.part',
    'report/report.html.4711.part',
    'party.txt',
  ])
    writeFileSync(join(folder.path, file), '');
  for (const file of ['trace.part.nsys-rep', 'trace.sqlite.part.sqlite', 'trace.nsys-rep', 'workload/truth.part'])
    writeFileSync(join(folder.private, file), '');
  sweepParts(folder);
  expect(readdirSync(folder.path).sort()).toEqual(['party.txt', 'report']);
  expect(readdirSync(join(folder.path, 'report'))).toEqual([]);
  expect(readdirSync(folder.private).sort()).toEqual(['trace.nsys-rep', 'workload']);
  expect(readdirSync(folder.workload)).toEqual(['truth.part']);
});
