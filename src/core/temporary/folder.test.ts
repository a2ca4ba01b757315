import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sweepTemporary, temporaryFolder } from './folder.ts';
import { ownMark } from './owner.ts';
import { partOf, sweepParts } from './parts.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'temporary-'));
  vi.stubEnv('TMPDIR', root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const [machine, pid, begun] = ownMark().split('-');
/** A process that has ended. */
const gone = spawnSync('true').pid;
const MARKS: Readonly<Record<string, readonly [mark: string, stays: boolean]>> = {
  'of a process that is gone': [`${machine}-${gone}-${begun}`, false],
  'of one whose number another has by now': [`${machine}-${pid}-1`, false],
  'of one that runs': [ownMark(), true],
  'of another machine': [`00000000-${gone}-${begun}`, true],
};

describe('a temporary folder', () => {
  test('lies in the place for such, is for this user alone, and goes when it is disposed of', () => {
    const folder = temporaryFolder();
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    writeFileSync(join(folder.path, 'a'), '');
    expect(readdirSync(root)).toHaveLength(1);
    folder.dispose();
    expect(readdirSync(root)).toEqual([]);
  });
  test('that cannot be made is refused in a sentence', () => {
    vi.stubEnv('TMPDIR', join(root, 'nowhere'));
    expect(temporaryFolder).toThrow(`nothing can be written to ${join(root, 'nowhere')}`);
  });
  test.each(Object.entries(MARKS))('%s: whoever makes the next sweeps it or not', (_, [mark, stays]) => {
    const old = join(root, `forensics-${mark}-AbCdEf`);
    mkdirSync(join(old, 'deep'), { recursive: true });
    temporaryFolder().dispose();
    expect(existsSync(old)).toBe(stays);
  });
  test('is what we made: other names, and links, stay', () => {
    const names = ['forensics-AbCdEf', `forensics-${machine}-${gone}-${begun}`, `x-forensics-${machine}-${gone}-${begun}-AbCdEf`];
    for (const name of names) mkdirSync(join(root, name));
    const target = join(root, 'target');
    mkdirSync(target);
    symlinkSync(target, join(root, `forensics-${machine}-${gone}-${begun}-AbCdEf`));
    sweepTemporary();
    expect(readdirSync(root)).toHaveLength(names.length + 2);
  });
});

describe('a file that is not whole', () => {
  test.each(Object.entries(MARKS))('%s is swept or not', (_, [mark, stays]) => {
    const part = join(root, `report.html.${mark}.part`);
    writeFileSync(part, '');
    writeFileSync(join(root, 'report.html'), '');
    sweepParts(root);
    expect(existsSync(part)).toBe(stays);
    expect(existsSync(join(root, 'report.html'))).toBe(true);
  });
  test('has the mark of who writes it', () => expect(partOf('report.html')).toBe(`report.html.${ownMark()}.part`));
  test('lies in no folder that is not there', () => expect(() => sweepParts(join(root, 'nowhere'))).not.toThrow());
});
