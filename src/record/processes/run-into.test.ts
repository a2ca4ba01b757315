import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runInto } from './run-into.ts';

const root = mkdtempSync(join(tmpdir(), 'run-into-'));
const file = join(root, 'out');
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('what a program prints is in the file, and what it complains about in the answer', async () => {
  expect(await runInto('sh', ['-c', 'echo out; echo why >&2; exit 3'], file, process.env)).toEqual({ code: 3, stderr: 'why\n' });
  expect(readFileSync(file, 'utf8')).toBe('out\n');
});
test('a program that is not there has no exit code', async () =>
  expect(await runInto('no-such-program', [], file, process.env)).toEqual({ code: undefined, stderr: '' }));
