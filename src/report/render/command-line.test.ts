import { expect, test } from 'vitest';
import { commandLine } from './command-line.ts';

const evidence = (query: string, params: Record<string, string | number | null>) => ({ query, params, shows: '', rows: [] });

test('plain names and numbers need no quotes', () => {
  expect(commandLine(evidence('starved_gap', { from_ns: '1795311783730000000', min_gap_ns: 1_000, device: null }))).toBe(
    'forensics query starved_gap TRACE --param from_ns=1795311783730000000 --param min_gap_ns=1000 --param device=null',
  );
});

test('what a shell would act on is quoted', () => {
  expect(commandLine(evidence('q', { name: "void f<int>(); it's $(rm -rf ~) `x`" }))).toBe(
    "forensics query q TRACE --param 'name=void f<int>(); it'\\''s $(rm -rf ~) `x`'",
  );
  expect(commandLine(evidence('-rf', {}))).toBe("forensics query '-rf' TRACE");
});

test('control characters are spelt out, so that a copied line stays one line and moves no cursor', () => {
  expect(commandLine(evidence('q', { name: "a\nb\u001b[2J\\'" }))).toBe(
    "forensics query q TRACE --param $'name=a\\u000ab\\u001b[2J\\\\\\''",
  );
});
