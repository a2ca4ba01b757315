import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'make folder '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('makes a folder and those above it, and is content where it is there', () => {
  makeFolder(join(root, 'a/b/c'));
  makeFolder(join(root, 'a/b/c'));
  expect(statSync(join(root, 'a/b/c')).isDirectory()).toBe(true);
});
test('gives it the mode that was asked for', () => {
  makeFolder(join(root, 'private'), 0o700);
  expect(statSync(join(root, 'private')).mode & 0o777).toBe(0o700);
});
test('says why where a file is in the way', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file/a'))).toThrow('ENOTDIR');
});
test.runIf(process.platform === 'linux')('says why in a folder of the kernel, for which the recursive mkdir of Node asks for ever', () =>
  expect(() => makeFolder('/proc/nowhere/a')).toThrow('ENOENT'),
);
