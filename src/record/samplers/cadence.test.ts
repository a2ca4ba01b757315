import { describe, expect, test } from 'vitest';
import { Cadence } from './cadence.ts';

const cadenceOf = (...times: number[]) => {
  const cadence = new Cadence();
  for (const ms of times) cadence.add(ms);
  return cadence;
};

describe('the cadence of samples', () => {
  test('of less than two is unknown', () => {
    expect(cadenceOf().medianMs()).toBeNull();
    expect(cadenceOf(5).medianMs()).toBeNull();
    expect(cadenceOf(5).shortfalls('samples', 100)).toEqual([]);
  });
  test('is the median step, and says nothing when it is about what was asked', () => {
    const cadence = cadenceOf(0, 100, 201, 300, 520);
    expect(cadence.medianMs()).toBe(101);
    expect(cadence.shortfalls('samples', 100)).toEqual([]);
  });
  test('that is slower than asked is said', () => {
    expect(cadenceOf(0, 126, 252).shortfalls('GPU samples', 100)).toEqual(['GPU samples came every 126 ms, not every 100 ms as asked']);
    expect(cadenceOf(0, 125, 250).shortfalls('GPU samples', 100)).toEqual([]);
  });
  test('with a long pause in it is said', () => {
    expect(cadenceOf(0, 100, 200, 900).shortfalls('host samples', 100)).toEqual(['the longest time without host samples was 700 ms']);
  });
});
