import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { textIn } from './text-in.ts';

const root = mkdtempSync(join(tmpdir(), 'text-in-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const at = (name: string) => join(root, name);

test('a plain file is read, also through a link', () => {
  writeFileSync(at('plain'), 'words');
  symlinkSync('plain', at('link'));
  expect([textIn(at('plain')), textIn(at('link'))]).toEqual(['words', 'words']);
});

test('what is not there, a folder, a pipe and a device are no text, and none is waited for', () => {
  execFileSync('mkfifo', [at('pipe')]);
  expect([at('nothing'), root, at('pipe'), '/dev/zero', join(at('plain'), 'below')].map(path => textIn(path))).toEqual(
    Array(5).fill(undefined),
  );
});

test('a file beyond the limit is not read', () => {
  writeFileSync(at('long'), 'four');
  expect([textIn(at('long'), 4), textIn(at('long'), 3)]).toEqual(['four', undefined]);
});
