import { describe, expect, test } from 'vitest';
import { environmentIn, redactEnvironment, redactVariable } from './environment.ts';

const NUL = '\0';
const asIs = (text: string) => text;
const names = (text: string) => environmentIn(text)?.entries.map(([name]) => name);

describe('an environment', () => {
  test('is a list of assignments joined by NUL', () => expect(names(`A=1${NUL}B=2${NUL}`)).toEqual(['A', 'B']));
  test('is one joined by newlines, with values that go over several lines', () => {
    const text = 'HOME=/home/jo\nPS1=a\n  b=c\nSHLVL=1\n';
    expect(environmentIn(text)?.entries).toEqual([
      ['HOME', '/home/jo'],
      ['PS1', 'a\n  b=c'],
      ['SHLVL', '1\n'],
    ]);
  });
  test('is one joined by semicolons that has telling names', () => expect(names('A=1;PATH=/bin;HOME=/x')).toEqual(['A', 'PATH', 'HOME']));
  test('is no command line', () => expect(names(['python3', 'serve.py', 'a=1', '--rate=3'].join(NUL))).toBeUndefined());
  test('is no name of a function, no statement and no single assignment', () => {
    for (const text of ['void f<a=1>(int)', 'a=1;b=2;c=3', 'step=5', 'x = 1\ny = 2', 'decode batch=1\nprefill req=2'])
      expect(names(text)).toBeUndefined();
  });
});

test('a redacted environment keeps its names, its order and the values of kept variables', () => {
  const text = `PATH=/opt/x/bin${NUL}NCCL_DEBUG=INFO${NUL}HF_TOKEN=abc${NUL}EMPTY=`;
  const environment = environmentIn(text)!;
  expect(redactEnvironment(environment, [], asIs)).toBe(
    `PATH=<redacted>${NUL}NCCL_DEBUG=INFO${NUL}HF_TOKEN=<redacted>${NUL}EMPTY=<redacted>`,
  );
  expect(redactEnvironment(environment, ['PA'], asIs)).toContain('PATH=/opt/x/bin');
});
test('a kept value is cleaned, and a name that tells too much goes with its variable', () => {
  const clean = (text: string) => text.replaceAll('alice', '<user>');
  expect(redactVariable('CUDA_CACHE_PATH', '/scratch/alice', [], clean)).toBe('CUDA_CACHE_PATH=/scratch/<user>');
  expect(redactVariable('CUDA_alice', '1', [], clean)).toBeUndefined();
});
test('quotes stay', () => expect(redactVariable('NCCL_DEBUG', '"INFO"', [], asIs)).toBe('NCCL_DEBUG="INFO"'));
