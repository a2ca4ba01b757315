import { describe, expect, test } from 'vitest';
import { MS, requestRow, requestsOf } from '#test/attribution-sample';
import { joinByEnd } from './join-by-end.ts';

/** Ends of the steps of two lanes, ms: they never come closer than 8 ms to one another. */
const A = Float64Array.from({ length: 30 }, (_, k) => (100 + 40 * k) * MS);
const B = Float64Array.from({ length: 30 }, (_, k) => (120 + 40 * k + (k % 5) * 2) * MS);

/** A request that ended so long after the k-th step of a lane. */
const endedAfter = (ends: Float64Array, k: number, lag: number) =>
  requestRow(ends[k]! / MS + lag - 30, ends[k]! / MS + lag, { first_token_ms: null });
/** Ends of twenty requests and more, half a millisecond after the steps that made them, more or less. */
const usual = (n: number) => Array.from({ length: n }, (_, k) => endedAfter(k % 2 ? A : B, k, 0.5 + (k % 3) * 0.02));

const lanesOf = (rows: Parameters<typeof requestsOf>[0], lanes = [A, B]) => {
  const requests = requestsOf(rows);
  const joined = joinByEnd(requests, lanes);
  return requests.map(r => joined.get(r));
};

describe('a request of which only the end is known', () => {
  test('was served by the lane whose step ended the usual time before', () =>
    expect(lanesOf(usual(24))).toEqual(Array.from({ length: 24 }, (_, k) => [k % 2 ? 0 : 1])));
  test('may be anybody’s where no step ended then', () => expect(lanesOf([...usual(24), endedAfter(A, 25, 5)]).at(-1)).toEqual([]));
  test('may be either’s where two ended then', () => {
    const both = [A, Float64Array.from([...B, A[25]! + 0.01 * MS]).sort()];
    expect(lanesOf([...usual(24), endedAfter(A, 25, 0.52)], both).at(-1)).toEqual([0, 1]);
  });
});

describe('the usual time', () => {
  test('is known from twenty answers on', () => {
    expect(lanesOf(usual(20))[0]).toEqual([1]);
    expect(lanesOf(usual(19))[0]).toBeUndefined();
  });
  test('tells nothing where a step of another lane ends within it by chance, before more than one answer in four', () => {
    // Lags of 0.5 to 0.5 + spread: six robust sigmas of them are 4.4 times the spread; the lanes end 0.05 steps a millisecond together.
    const scattered = (spread: number) => lanesOf(Array.from({ length: 30 }, (_, k) => endedAfter(A, k % 29, 0.5 + spread * (k % 2))))[0];
    expect(scattered(1)).toBeDefined();
    expect(scattered(1.3)).toBeUndefined();
  });
});
