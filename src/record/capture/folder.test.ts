import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { caseFolder, createCase, recordingsOf } from './folder.ts';

const root = mkdtempSync(join(tmpdir(), 'case-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a new case', () => {
  test('has a folder beside it that only its owner can read', () => {
    const folder = createCase(join(root, 'new/case'));
    expect(statSync(folder.private).mode & 0o777).toBe(0o700);
    expect(folder.private).toBe(`${folder.path}.private`);
    expect(existsSync(folder.workload)).toBe(true);
  });
  test('may take over empty folders', () => {
    mkdirSync(join(root, 'empty'));
    expect(createCase(join(root, 'empty')).path).toBe(join(root, 'empty'));
  });
  test.each(['case', 'case.private'])('does not touch a %s that holds something', taken => {
    const at = join(root, `taken-${taken}`);
    mkdirSync(join(at, taken), { recursive: true });
    writeFileSync(join(at, taken, 'mine.txt'), '');
    expect(() => createCase(join(at, 'case'))).toThrow(`${join(at, taken)} is there already, and not empty`);
  });
  test('cannot lie where a file is', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => createCase(join(root, 'file'))).toThrow('is there already');
    expect(() => createCase(join(root, 'file/case'))).toThrow('cannot be made (a part of the path is no folder)');
  });
});

describe('the recordings of a window', () => {
  const recordings = (files: readonly string[], window: string) => {
    const folder = createCase(join(root, `recordings-${Math.random()}`));
    for (const file of files) writeFileSync(join(folder.private, file), '');
    return recordingsOf(folder, window);
  };
  test('are named as it is', () => expect(recordings(['trace.nsys-rep', 'workload.log', 'trace.sqlite'], 'trace')).toEqual(['trace']));
  test('may be raw, or both', () => {
    expect(recordings(['trace.qdstrm'], 'trace')).toEqual(['trace']);
    expect(recordings(['trace.qdstrm', 'trace.nsys-rep'], 'trace')).toEqual(['trace']);
  });
  test('do not include what is being imported', () => expect(recordings(['trace.part.nsys-rep'], 'trace')).toEqual([]));
  test('are one for each rank, by number', () => {
    const files = ['trace-rank10.nsys-rep', 'trace-rank2.nsys-rep', 'trace-rank0.qdstrm', 'trace-ranks.nsys-rep'];
    expect(recordings(files, 'trace')).toEqual(['trace-rank0', 'trace-rank2', 'trace-rank10']);
  });
  test('are one for each range of the application', () => {
    expect(recordings(['trace.2.nsys-rep', 'trace.1.nsys-rep'], 'trace')).toEqual(['trace.1', 'trace.2']);
  });
  test('are not those of a window with a longer number', () => {
    const files = ['window-1.nsys-rep', 'window-10.nsys-rep'];
    expect(recordings(files, 'window-1')).toEqual(['window-1']);
    expect(recordings(files, 'window-10')).toEqual(['window-10']);
  });
});

test('a path of a case is known before it exists', () => {
  expect(caseFolder('a/b').stem('trace')).toMatch(/\/a\/b\.private\/trace$/);
  expect(existsSync(caseFolder('a/b').path)).toBe(false);
});
