import { expect, test } from 'vitest';
import { remainingWords } from './remaining.ts';

test.each([
  [0, 10_000, '0 %'],
  [0.25, 1000, '25 %'],
  [0.25, 3000, '25 %, about 9 s left'],
  [0.5, 200_000, '50 %, about 3 min left'],
  [0.01, 300_000, '1 %, about 8 h left'],
  [0.999, 10_000, '99 %, about 1 s left'],
  [1, 10_000, '100 %'],
  [1.2, 10_000, '100 %'],
])('%d of it after %d ms: %s', (done, elapsed, words) => expect(remainingWords(done, elapsed)).toBe(words));
