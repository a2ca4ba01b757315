import fc from 'fast-check';
import { expect, test } from 'vitest';
import { booksOf } from '#report/build/ranked-causes';
import { given, keep } from './delay-sample.ts';

test('the books of the report add up to the excess of the slow requests, with shares that add up to one', () => {
  fc.assert(
    fc.property(given, g => {
      const kept = keep(g);
      const { excess_ms, parts } = booksOf(kept);
      expect(excess_ms).toBeCloseTo(
        kept.reduce((s, b) => s + (b.slow ? b.excessMs : 0), 0),
        6,
      );
      expect(parts.reduce((s, p) => s + p.excess_ms, 0)).toBeCloseTo(excess_ms, 6);
      if (excess_ms > 0) expect(parts.reduce((s, p) => s + p.share, 0)).toBeCloseTo(1, 9);
    }),
  );
});
