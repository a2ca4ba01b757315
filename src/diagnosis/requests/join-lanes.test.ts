import { describe, expect, test } from 'vitest';
import { MS, requestRow, requestsOf } from '#test/attribution-sample';
import { joinLanes } from './join-lanes.ts';

/** Ends of the steps of a lane, ms to ns. */
const lane = (from: number, step: number, n: number) => Float64Array.from({ length: n }, (_, k) => (from + k * step) * MS);
/** Steps of 10 ms, and of 13. */
const TEN = lane(10, 10, 100);
const THIRTEEN = lane(13, 13, 77);
/** A request whose tokens arrive at these times, ms. */
function streaming(...at: readonly number[]) {
  const [first = 0] = at;
  const gaps = Float32Array.from(at.slice(1), (t, i) => t - at[i]!);
  return requestRow(first - 5, at.at(-1) ?? first, { first_token_ms: first, itl_ms: gaps });
}
const times = (n: number, from: number, step: number, jitter: readonly number[] = [0]) =>
  Array.from({ length: n }, (_, k) => from + k * step + jitter[k % jitter.length]!);
const joined = (request: ReturnType<typeof streaming>, lanes: readonly Float64Array[]) => joinLanes(requestsOf([request]), lanes)[0];

describe('a request was served by the lane', () => {
  test('whose steps its tokens follow at a constant time', () => {
    expect(joined(streaming(...times(20, 203, 10)), [TEN, THIRTEEN])).toEqual({ lane: 0, possible: [0] });
    expect(joined(streaming(...times(20, 263, 13)), [TEN, THIRTEEN])).toEqual({ lane: 1, possible: [1] });
  });
  test('whatever that time is', () => {
    for (const late of [0, 1, 5, 9]) expect(joined(streaming(...times(20, 200 + late, 10)), [THIRTEEN, TEN])?.lane).toBe(1);
  });
  test('at a constant time up to 0.15 of a step: by chance it is a quarter', () => {
    // The median distance from the usual delay of 5 ms is as given.
    const scattered = (ms: number) => streaming(...times(21, 205, 10, [-ms, 0, ms]));
    const other = lane(1e6, 10, 20);
    expect(joined(scattered(1.45), [TEN, other])?.lane).toBe(0);
    expect(joined(scattered(1.55), [TEN, other])?.lane).toBe(-1);
  });
  test('though one token in three was held up', () => {
    const at = times(21, 203, 10).map((t, i) => (i % 3 === 1 ? t + 6 : t));
    expect(joined(streaming(...at), [TEN, THIRTEEN])?.lane).toBe(0);
  });
  test('which is the only one, whatever its tokens say', () => {
    expect(joined(streaming(3, 4.1, 9.7), [TEN])).toEqual({ lane: 0, possible: [0] });
    expect(joined(requestRow(0, 1e6, { first_token_ms: null }), [TEN])?.lane).toBe(0);
  });
  test('which is told of each request by itself', () => {
    const requests = requestsOf([streaming(...times(20, 263, 13)), streaming(...times(20, 203, 10))]);
    expect(joinLanes(requests, [TEN, THIRTEEN]).map(j => j.lane)).toEqual([1, 0]);
  });
});

test('a lane whose steps are longer than the whole request does not take it from its own', () => {
  const jittered = times(6, 203, 10, [0, 1, -1, 1.2, -1.2]);
  expect(joined(streaming(...jittered), [TEN, lane(0, 500, 20)])?.lane).toBe(0);
});

describe('it is not known which lane served a request', () => {
  test('whose tokens come at any time of any lane’s steps', () => {
    const at = Array.from({ length: 40 }, (_, k) => 203 + k * 10.7);
    expect(joined(streaming(...at), [TEN, THIRTEEN])).toEqual({ lane: -1, possible: [] });
  });
  test('with three tokens: so few fall on anything by chance, and any lane may have been it', () => {
    expect(joined(streaming(203, 213, 223), [TEN, THIRTEEN])).toEqual({ lane: -1, possible: [0, 1] });
    expect(joined(streaming(203, 213, 223, 233), [TEN, THIRTEEN])?.lane).toBe(0);
  });
  test('of whose tokens too few lie in the time of a lane: that one may have been it', () => {
    // The second lane ends its first steps when three tokens are left.
    const later = lane(380, 13, 40);
    const at = Array.from({ length: 20 }, (_, k) => 203 + k * 10.7);
    expect(at.filter(t => t >= 380)).toHaveLength(3);
    expect(joined(streaming(...at), [TEN, later])).toEqual({ lane: -1, possible: [1] });
  });
  test('without any token, or any step', () => {
    expect(joined(requestRow(0, 500, { first_token_ms: null }), [TEN, THIRTEEN])).toEqual({ lane: -1, possible: [0, 1] });
    const none = new Float64Array(0);
    expect(joined(streaming(...times(20, 203, 10)), [none, Float64Array.of(5 * MS)])).toEqual({ lane: -1, possible: [0, 1] });
    expect(joined(streaming(...times(20, 203, 10)), [])).toEqual({ lane: -1, possible: [] });
  });
});

test('a lane without steps takes no request from another', () =>
  expect(joined(streaming(...times(20, 203, 10)), [new Float64Array(0), TEN])?.lane).toBe(1));

test('no requests, no lanes', () => expect(joinLanes([], [TEN, THIRTEEN])).toEqual([]));
