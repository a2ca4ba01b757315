import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containingOf } from './containing.ts';

const stretches = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 40 });

test('finds each stretch that contains the other, ends included, and no more, in order of start', () =>
  fc.assert(
    fc.property(stretches, fc.nat(20), fc.nat(20), (list, from, to) => {
      const find = containingOf(
        Float64Array.from(list, s => s[0]),
        Float64Array.from(list, s => s[1]),
      );
      const expected = list
        .map(([start, end], i) => ({ start, end, i }))
        .filter(s => s.start <= from && s.end >= to)
        .sort((a, b) => a.start - b.start || a.i - b.i);
      expect(find(from, to)).toEqual(expected.map(s => s.i));
    }),
  ));
test('of none, none contains anything', () => expect(containingOf(new Float64Array(0), new Float64Array(0))(0, 1)).toEqual([]));
