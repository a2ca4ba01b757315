import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lanesOf } from './lanes.ts';

test('what nests or follows shares a track, what overlaps in part has another', () => {
  const [outer, inner, after, crossing] = [
    { start: 0, end: 10 },
    { start: 2, end: 5 },
    { start: 10, end: 12 },
    { start: 4, end: 11 },
  ];
  expect(lanesOf([outer, inner, after])).toEqual([0, 0, 0]);
  expect(lanesOf([outer, inner, crossing])).toEqual([0, 0, 1]);
  expect(lanesOf([])).toEqual([]);
});

test('on no track do two overlap in part', () => {
  const stretch = fc.record({ start: fc.nat(50), length: fc.nat(20) }).map(({ start, length }) => ({ start, end: start + length }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 30 }), stretches => {
      const lanes = lanesOf(stretches);
      for (const [i, a] of stretches.entries())
        for (const [j, b] of stretches.entries())
          if (i !== j && lanes[i] === lanes[j] && a.start < b.start) expect(b.start >= a.end || b.end <= a.end).toBe(true);
    }),
  );
});
