import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { reportFolder } from './report-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'report-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const withReport = (name: string, file = 'report.json') => {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), '');
  return folder;
};

describe('where nothing is named', () => {
  const usual = join(root, 'usual');
  test('it is the usual folder, which is not made yet', () => {
    expect(reportFolder({}, usual)).toBe(usual);
    expect(existsSync(usual)).toBe(false);
  });
  test('a report that is there stays, and the next gets a number', () => {
    withReport('usual', 'report.html');
    withReport('usual-2', 'report.md');
    expect(reportFolder({}, usual)).toBe(`${usual}-3`);
    expect(reportFolder({ force: true }, usual)).toBe(usual);
  });
  test('a folder without a report is taken as it is', () => {
    mkdirSync(join(root, 'other'));
    writeFileSync(join(root, 'other', 'notes.txt'), '');
    expect(reportFolder({}, join(root, 'other'))).toBe(join(root, 'other'));
  });
});

describe('a folder that is named', () => {
  test('and holds a report is refused, unless the report is to be replaced', () => {
    const named = withReport('named');
    expect(() => reportFolder({ out: named }, 'x')).toThrow('already holds a report');
    expect(reportFolder({ out: named, force: true }, 'x')).toBe(named);
  });
  test('below a file is refused before the work', () => {
    const file = join(withReport('below'), 'report.json');
    expect(() => reportFolder({ out: join(file, 'deep', 'er') }, 'x')).toThrow(`${file} is not a folder`);
  });
  // root may write anywhere, but not into a file system of the kernel.
  test('in a place that nobody may write to is refused before the work', () => {
    for (const place of ['/proc/sys/forensics', '/proc/nowhere'])
      expect(() => reportFolder({ out: place }, 'x')).toThrow(/may not be written to/);
  });
  test('whose name is too long is refused before the work', () =>
    expect(() => reportFolder({ out: join(root, 'a'.repeat(256)) }, 'x')).toThrow('(the name is too long)'));
  test('in which a folder has the name of a file is refused before the work', () => {
    mkdirSync(join(withReport('odd'), 'report.html'));
    expect(() => reportFolder({ out: join(root, 'odd'), force: true }, 'x')).toThrow('report.html there is a folder');
  });
  test('has nothing in it that was not there before', () => {
    const empty = join(root, 'empty');
    mkdirSync(empty);
    reportFolder({ out: empty }, 'x');
    expect(readdirSync(empty)).toEqual([]);
  });
});
