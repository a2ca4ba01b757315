import { describe, expect, test } from 'vitest';
import type { RequestRow } from '#schema/relation';
import { MS, requestRow, requestsOf } from '#test/attribution-sample';
import type { Joined } from './join-lanes.ts';
import { segmentsOf } from './segments.ts';

const lane = (from: number, step: number, n: number) => Float64Array.from({ length: n }, (_, k) => (from + k * step) * MS);
/** A decode lane with steps of 7 ms, and a prefill lane with one of 50 ms for each request. */
const DECODE = lane(3, 7, 400);
const PREFILL = lane(50, 50, 50);
const by = (k: number): Joined => ({ lane: k, possible: k < 0 ? [0, 1] : [k] });

/** Requests that come every 50 ms; the first token of each follows the end of its prefill by `lag`, then come three more each 7 ms. */
const rows = (n: number, lag: (k: number) => number = () => 2, rest: Partial<RequestRow> = {}) =>
  Array.from({ length: n }, (_, k) => {
    const first = 50 * (k + 1) + lag(k);
    return requestRow(50 * k, first + 21, {
      scheduled_ms: 50 * k + 1,
      first_token_ms: first,
      output_tokens: 4,
      itl_ms: Float32Array.of(7, 7, 7),
      ...rest,
    });
  });
/** Requests served by lane 0 unless told otherwise; each lane's parts: whose, from when, until when, ms. */
function parts(list: readonly RequestRow[], lanes: readonly Float64Array[] = [DECODE, PREFILL], joined = list.map(() => by(0))) {
  return segmentsOf(requestsOf(list), joined, lanes, 0).map(own =>
    own.map(({ request, of }) => [of, request.arrival / MS, request.end / MS]),
  );
}
const whole = (list: readonly RequestRow[]) => list.map((r, of) => [of, r.arrival_ms, r.finish_ms]);

describe('the requests of a lane', () => {
  test('are those that it served, throughout', () => {
    const list = rows(4);
    const joined = [by(1), by(0), by(1), by(-1)];
    const [first, second] = parts(list, [DECODE, lane(0, 11, 300)], joined);
    expect(first).toEqual([whole(list)[1]]);
    expect(second).toEqual([whole(list)[0], whole(list)[2]]);
  });
  test('are themselves, not copies: the books refer to them', () => {
    const requests = requestsOf(rows(3));
    const [own] = segmentsOf(requests, [by(0), by(0), by(0)], [DECODE], 0);
    expect(own?.map(s => s.request)).toEqual(requests);
    for (const [i, s] of own!.entries()) expect(s.request).toBe(requests[i]);
  });
  test('are none without requests, and none of no lanes', () => {
    expect(parts([], [DECODE, PREFILL])).toEqual([[], []]);
    expect(parts(rows(3), [], [by(0), by(0), by(0)])).toEqual([]);
  });
});

describe('where a lane makes the first tokens and another goes on', () => {
  const list = rows(30);
  const [decode, prefill] = parts(list);
  test('a request is the first one’s until its first token', () =>
    expect(prefill).toEqual(list.map((r, of) => [of, r.arrival_ms, r.first_token_ms])));
  test('and the other’s from then on', () => expect(decode).toEqual(list.map((r, of) => [of, r.first_token_ms, r.finish_ms])));
  test('each part has the tokens that the lane made', () => {
    const [second, first] = segmentsOf(
      requestsOf(list),
      list.map(() => by(0)),
      [DECODE, PREFILL],
      0,
    );
    expect(first?.[0]?.request.row).toMatchObject({ output_tokens: 1, itl_ms: null, finish_ms: 52, scheduled_ms: 1 });
    expect(second?.[0]?.request.row).toMatchObject({ scheduled_ms: null, first_token_ms: 59, finish_ms: 73 });
    expect([...(second?.[0]?.request.row.itl_ms ?? [])]).toEqual([7, 7]);
  });
  test('the parts are by the clock of the trace', () => {
    const offset = 1000 * MS;
    const moved = (ends: Float64Array) => ends.map(t => t + offset);
    const rowsAt = list.map(r => r);
    const requests = requestsOf(rowsAt).map(r => ({
      ...r,
      arrival: r.arrival + offset,
      end: r.end + offset,
      served: r.served + offset,
      firstToken: r.firstToken! + offset,
    }));
    const [second, first] = segmentsOf(
      requests,
      list.map(() => by(0)),
      [moved(DECODE), moved(PREFILL)],
      offset,
    );
    expect([first?.[3]?.request.arrival, first?.[3]?.request.end]).toEqual([1150 * MS, 1202 * MS]);
    expect([second?.[3]?.request.arrival, second?.[3]?.request.end]).toEqual([1202 * MS, 1223 * MS]);
  });
  test('one that cannot be taken apart is left out', () => {
    const odd = [...list];
    odd[4] = { ...list[4]!, first_token_ms: null };
    odd[7] = { ...list[7]!, itl_ms: null };
    odd[9] = { ...list[9]!, itl_ms: Float32Array.of(7) };
    const [second, first] = parts(odd);
    expect(first?.map(p => p[0])).toEqual([...odd.keys()].filter(k => k !== 4));
    expect(second?.map(p => p[0])).toEqual([...odd.keys()].filter(k => k !== 4 && k !== 7 && k !== 9));
  });
  test('the part of one that no lane is known to have gone on with is the first one’s all the same', () => {
    const joined = list.map((_, k) => by(k === 5 ? -1 : 0));
    const [second, first] = parts(list, [DECODE, PREFILL], joined);
    expect(first).toHaveLength(30);
    expect(second?.map(p => p[0])).not.toContain(5);
  });
  test('of several such lanes it was the one whose step ended last before the first token', () => {
    const sooner = lane(49, 50, 50);
    expect(parts(list, [DECODE, sooner, PREFILL]).map(own => own.length)).toEqual([30, 0, 30]);
    expect(parts(list, [DECODE, PREFILL, sooner]).map(own => own.length)).toEqual([30, 30, 0]);
  });
  test('two such lanes that take turns are both found', () => {
    const more = rows(48);
    const [second, even, odd] = parts(more, [DECODE, lane(50, 100, 25), lane(100, 100, 25)]);
    expect(even?.map(p => p[0])).toEqual([...more.keys()].filter(k => k % 2 === 0));
    expect(odd?.map(p => p[0])).toEqual([...more.keys()].filter(k => k % 2 === 1));
    expect(second).toHaveLength(48);
  });
  test('a request that one of them served throughout is no other’s for a part', () => {
    const joined = list.map((_, k) => by(k === 3 ? 2 : 0));
    const [decoded, sooner, later] = parts(list, [DECODE, lane(49, 50, 50), PREFILL], joined);
    const ofThird = (own: typeof sooner) => own?.filter(p => p[0] === 3);
    expect([ofThird(decoded), ofThird(sooner), ofThird(later)]).toEqual([[], [], [whole(list)[3]]]);
  });
  test('a part decodes beside the others of its lane', () => {
    // Each decodes for 103 ms and one comes every 50: two at once.
    const long = rows(30).map(r => ({ ...r, finish_ms: r.first_token_ms! + 103, itl_ms: Float32Array.of(1, 51, 51) }));
    const [second] = segmentsOf(
      requestsOf(long),
      long.map(() => by(0)),
      [DECODE, PREFILL],
      0,
    );
    expect(second?.[15]?.request.work.batch).toBeCloseTo(2, 0);
  });
});

describe('a lane is no maker of first tokens', () => {
  const apart = (...given: Parameters<typeof parts>) => (parts(...given)[1]?.length ?? 0) > 0;
  test('where fewer than 20 came from it', () => {
    expect(apart(rows(20))).toBe(true);
    expect(apart(rows(19))).toBe(false);
  });
  test('where fewer than 20 came in its time', () => {
    // Tokens before its first step are another’s.
    expect(apart(rows(30), [DECODE, PREFILL.subarray(9)])).toBe(true);
    expect(apart(rows(30), [DECODE, PREFILL.subarray(11)])).toBe(false);
  });
  test('where first tokens follow its steps at no constant time: a twentieth of a step', () => {
    const scattered = (ms: number) => rows(30, k => 10 + [-ms, 0, ms][k % 3]!);
    expect(apart(scattered(2.4))).toBe(true);
    expect(apart(scattered(2.6))).toBe(false);
  });
  test('where it served 20 requests throughout', () => {
    const list = rows(60);
    const served = (n: number) => list.map((_, k) => by(k < n ? 1 : 0));
    const [second, first] = parts(list, [DECODE, PREFILL], served(20));
    expect(first).toEqual(whole(list).slice(0, 20));
    expect(second).toEqual(whole(list).slice(20));
    // With 19 it does both.
    expect(parts(list, [DECODE, PREFILL], served(19))[1]?.length).toBeGreaterThan(20);
  });
  test('where nobody’s lane is known', () =>
    expect(
      parts(
        rows(30),
        [DECODE, PREFILL],
        rows(30).map(() => by(-1)),
      ),
    ).toEqual([[], []]));
  test('where it has no steps, or one', () => {
    const list = rows(30);
    expect(parts(list, [DECODE, Float64Array.of(50 * MS)])).toEqual([whole(list), []]);
    expect(parts(list, [DECODE, new Float64Array(0)])).toEqual([whole(list), []]);
  });
});
