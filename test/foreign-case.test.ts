import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resumeCapture } from '#app/capture/resume-capture';
import { writeFiles } from '#app/files/write-files';
import { caseBeside } from '#app/inputs/case-beside';
import { readJournal } from '#record/capture/journal';

const root = mkdtempSync(join(tmpdir(), 'foreign case '));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

/** Something outside of every case that must not be touched. */
const outside = join(root, 'outside');
mkdirSync(outside);
writeFileSync(join(outside, 'report.html'), 'mine');

/** A program that leaves a mark where it ran. */
function program(folder: string, name: string, mark: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\ntouch '${mark}'\necho 'NVIDIA Nsight Systems version 2025.3.1'\n`, { mode: 0o755 });
  return path;
}

/** A case that somebody handed over: cut off, with what its journal is to say. */
function handedOver(plan: Readonly<Record<string, unknown>> = {}, nsys = './nsys.sh'): string {
  const folder = join(root, `case-${++made}`);
  mkdirSync(folder);
  mkdirSync(`${folder}.private`);
  const planned = {
    ...{ version: '1', command: [], preset: 'serving', delay_s: 0, duration_s: 1, windows: 1, per_rank: false, requests: null },
    ...{ load: null, control: null, afterwards: 'wait', redact: false, keep_env: [] },
    nsys: { path: nsys, version: '2025.3.1', method: 'profile', why: 'x', flags: [] },
    ...plan,
  };
  writeFileSync(join(folder, 'journal.jsonl'), `${JSON.stringify({ at: '1', event: 'planned', plan: planned })}\n`);
  return folder;
}
const resumed = (folder: string, path = '/nowhere') =>
  resumeCapture(folder, undefined, { PATH: path }, () => {}).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a case names no program', () => {
  test('the nsys of its journal is not run', async () => {
    const mark = join(root, `ran-${++made}`);
    const folder = handedOver({}, join(root, `case-${made + 1}`, 'nsys.sh'));
    program(folder, 'nsys.sh', mark);
    await resumed(folder);
    expect(existsSync(mark)).toBe(false);
  });
  test('the nsys of PATH is', async () => {
    const [theirs, ours] = [join(root, `theirs-${++made}`), join(root, `ours-${made}`)];
    const bin = join(root, `bin-${made}`);
    mkdirSync(bin);
    program(bin, 'nsys', ours);
    const folder = handedOver({}, './nsys.sh');
    program(folder, 'nsys.sh', theirs);
    await resumed(folder, [bin, '/usr/bin', '/bin'].join(delimiter));
    expect({ theirs: existsSync(theirs), ours: existsSync(ours) }).toEqual({ theirs: false, ours: true });
  });
});

describe('a case names no place outside', () => {
  test.each(['report', 'trace.sqlite', 'deep/er'])('a link in it is refused: %s', async name => {
    const folder = handedOver();
    mkdirSync(join(folder, 'deep'));
    symlinkSync(outside, join(folder, name));
    expect(await resumed(folder)).toMatchObject({
      code: 'bad-record',
      message: expect.stringContaining('nothing in a case may lead out of it'),
    });
    expect(() => caseBeside(folder)).toThrow('nothing in a case may lead out of it');
    expect(readdirSync(outside)).toEqual(['report.html']);
  });
  test('a private folder that is a link is refused', async () => {
    const folder = handedOver();
    rmSync(`${folder}.private`, { recursive: true });
    symlinkSync(outside, `${folder}.private`);
    expect(await resumed(folder)).toMatchObject({ code: 'bad-record' });
  });
  test('a link in the private folder is refused', async () => {
    const folder = handedOver();
    symlinkSync(join(outside, 'report.html'), join(`${folder}.private`, 'workload.log'));
    expect(await resumed(folder)).toMatchObject({ code: 'bad-record' });
  });
  test.each([{ requests: '..' }, { requests: 'a/..' }, { windows: 1e15 }])('a plan that no capture makes is refused: %o', plan => {
    expect(() => readJournal(join(handedOver(plan), 'journal.jsonl'))).toThrow('is no entry of a capture');
  });
});

describe('what is written into a folder stays in it', () => {
  test('a folder of it that is a link is refused', () => {
    const folder = join(root, `report-${++made}`);
    mkdirSync(folder);
    symlinkSync(outside, join(folder, 'charts'));
    expect(() => writeFiles(folder, { 'charts/report.html': 'theirs', 'report.md': 'x' })).toThrow('leads to');
    expect(readdirSync(outside)).toEqual(['report.html']);
    expect(readdirSync(folder)).toEqual(['charts']);
  });
  test('a link in the way of a temporary file is not written through', () => {
    const folder = join(root, `report-${++made}`);
    mkdirSync(folder);
    symlinkSync(join(outside, 'new'), join(folder, `report.md.${process.pid}.part`));
    writeFiles(folder, { 'report.md': 'x' });
    expect(existsSync(join(outside, 'new'))).toBe(false);
  });
});
