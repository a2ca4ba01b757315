import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { runInto } from './run-into.ts';

test('what a program prints is handed over, and what it complains about is in the answer', async () => {
  let out = '';
  const take = async (output: NodeJS.ReadableStream) => {
    out = await text(output);
  };
  expect(await runInto('sh', ['-c', 'echo out; echo why >&2; exit 3'], take, process.env)).toEqual({ code: 3, stderr: 'why\n' });
  expect(out).toBe('out\n');
});
test('a program that is not there has no exit code', async () => {
  const take = async (output: NodeJS.ReadableStream) => void (await text(output));
  expect(await runInto('no-such-program', [], take, process.env)).toEqual({ code: undefined, stderr: '' });
});
test('a program that prints without end is ended once nobody takes any more', async () => {
  const take = async () => {
    throw new Error('enough');
  };
  await expect(runInto('yes', [], take, process.env)).rejects.toThrow('enough');
});
