import { expect, test } from 'vitest';
import type { Recorder } from '#trace/source';
import { newerLayout, writtenBy } from './written-by.ts';

const nsys: Recorder = { format: 'nsys-sqlite', product: 'NVIDIA Nsight Systems', version: '2027.1.1', schema: '3.30.0', isNewer: true };

test('who wrote a trace is product, version and schema', () =>
  expect(writtenBy(nsys)).toBe('NVIDIA Nsight Systems 2027.1.1, schema 3.30.0'));
test('what is not told is said to be', () =>
  expect(writtenBy({ ...nsys, product: undefined, version: undefined, schema: undefined })).toBe('Nsight Systems (version not told)'));
test('a newer layout is named with the newest that was looked at; a known one is not', () => {
  expect(newerLayout(nsys)).toMatch(
    /^What is new in the trace's layout: NVIDIA Nsight Systems 2027\.1\.1, schema 3\.30\.0, is newer than 3\.25 /,
  );
  expect(newerLayout({ ...nsys, isNewer: false })).toBeUndefined();
});
