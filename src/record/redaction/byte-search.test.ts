import { assert, constantFrom, array as listOf, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { byteSearch } from './byte-search.ts';

const hits = (patterns: readonly Uint8Array[], data: Uint8Array) => {
  const found: string[] = [];
  byteSearch(patterns)(data, (k, at) => found.push(`${k}@${at}`));
  return found.sort();
};

test('finds all that a search for each pattern alone finds', () => {
  const few = (minLength: number, maxLength: number) =>
    listOf(constantFrom(0, 1, 2), { minLength, maxLength }).map(b => Uint8Array.from(b));
  void assert(
    property(listOf(few(2, 6), { maxLength: 6 }), few(0, 60), (patterns, data) => {
      const one = patterns.flatMap((p, k) =>
        Array.from(data, (_, at) => at)
          .filter(at =>
            Buffer.from(data)
              .subarray(at, at + p.length)
              .equals(p),
          )
          .map(at => `${k}@${at}`),
      );
      expect(hits(patterns, data)).toEqual(one.sort());
    }),
  );
});
test('finds patterns at both ends', () => {
  const data = Buffer.from('headtail');
  expect(hits([Buffer.from('head'), Buffer.from('tail')], data)).toEqual(['0@0', '1@4']);
});
test('finds nothing without patterns', () => assert(property(uint8Array(), data => hits([], data).length === 0)));
