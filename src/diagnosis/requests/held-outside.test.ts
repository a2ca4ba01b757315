import { describe, expect, test } from 'vitest';
import { largestOf } from '#core/math/normal-range';
import { NO_SPANS, spansOf } from '#core/math/spans';
import type { RequestRow } from '#schema/relation';
import { MS, requestRow, requestsOf } from '#test/attribution-sample';
import { heldOutside, type StepTimes } from './held-outside.ts';

/** Ends of steps of 10 ms from 0 to 2000, ms. */
const TENS = Array.from({ length: 201 }, (_, k) => 10 * k);

interface Given {
  /** Ends of plain steps, ms. */
  readonly ends?: readonly number[];
  readonly least?: number;
  readonly idle?: readonly (readonly [number, number])[];
}

/** What was held up, ms: from, to, which way. */
function held(rows: readonly RequestRow[], { ends = TENS, least = 10, idle = [] }: Given = {}) {
  const steps: StepTimes = {
    plainEnds: Float64Array.from(ends, t => t * MS),
    step: 10 * MS,
    least: least * MS,
    idle: idle.length === 0 ? NO_SPANS : spansOf(idle.map(([a, b]) => [a * MS, b * MS] as const)),
  };
  return heldOutside(requestsOf(rows), steps).map(s => [s.start / MS, s.end / MS, s.way]);
}

describe('tokens that did not leave', () => {
  /** A stream of a token every 10 ms from 10 to 1000, admitted at once; those of (from, to) come at `to`. */
  function stream(from = 0, to = 0): RequestRow {
    const at = Array.from({ length: 100 }, (_, k) => 10 * (k + 1)).map(t => (t > from && t < to ? to : t));
    return requestRow(0, 1000, { scheduled_ms: 5, first_token_ms: 10, itl_ms: Float32Array.from(at.slice(1), (t, i) => t - at[i]!) });
  }
  const streams = (n: number, from = 0, to = 0) => Array.from({ length: n }, () => stream(from, to));

  test('are missing where most streams got none though the lane went on', () =>
    expect(held(streams(4, 400, 500))).toEqual([[400, 500, 'out']]));
  test('are not where all got theirs', () => expect(held(streams(4))).toEqual([]));
  test('are missing in more than half of the streams', () => {
    expect(held([...streams(3, 400, 500), ...streams(2)])).toEqual([[400, 500, 'out']]);
    expect(held([...streams(2, 400, 500), ...streams(2)])).toEqual([]);
  });
  test('are missing in two streams: one may have paused by itself', () => {
    expect(held(streams(2, 400, 500))).toEqual([[400, 500, 'out']]);
    expect(held(streams(1, 400, 500))).toEqual([]);
  });
  test('are those of three steps in a row: a coarse stamp hides two', () => {
    // The first and the last step may be those of the tokens on either side.
    expect(held(streams(4, 400, 450))).toEqual([[400, 450, 'out']]);
    expect(held(streams(4, 400, 440))).toEqual([]);
  });
  test('are missing for as long as a delay must be to count', () => {
    expect(held(streams(4, 400, 500), { least: 100 })).toEqual([[400, 500, 'out']]);
    expect(held(streams(4, 400, 500), { least: 100.1 })).toEqual([]);
  });
  test('are not where the lane itself stood still for most of the time', () => {
    const stopped = (to: number) => TENS.filter(t => t <= 410 || t > to);
    expect(held(streams(4, 400, 500), { ends: stopped(440) })).toEqual([[400, 500, 'out']]);
    expect(held(streams(4, 400, 500), { ends: stopped(450) })).toEqual([]);
    expect(held(streams(4, 400, 500), { ends: [] })).toEqual([]);
  });
  test('are judged by those that were decoding at the time', () => {
    // Three that had ended long before, or came long after.
    const before = Array.from({ length: 3 }, () => requestRow(0, 30, { first_token_ms: 10, itl_ms: Float32Array.of(10, 10) }));
    const after = before.map(r => ({ ...r, arrival_ms: 1500, scheduled_ms: 1500, first_token_ms: 1510, finish_ms: 1530 }));
    expect(held([...streams(2, 400, 500), ...before, ...after])).toEqual([[400, 500, 'out']]);
  });
  test('are missing in one stretch where the streams fell silent one after the other', () =>
    expect(held([stream(400, 500), stream(410, 510), stream(420, 500)])).toEqual([[400, 510, 'out']]));
  test('are another stretch where one falls silent when the others are nearly over: in its own first half', () => {
    const joins = (from: number) => held([stream(400, 500), stream(400, 500), stream(from, from + 100)]);
    expect(joins(440)).toEqual([[400, 540, 'out']]);
    expect(joins(450)).toEqual([[400, 500, 'out']]);
    // The others are over when the first of them is.
    expect(held([stream(400, 500), stream(410, 480), stream(440, 540)])).toEqual([[400, 500, 'out']]);
  });
  test('are those of two stretches where they are apart', () =>
    expect(held(streams(3).map(() => twice()))).toEqual([
      [200, 300, 'out'],
      [600, 700, 'out'],
    ]));
  test('show in no request of a single token, nor in one without stamps', () => {
    const one = requestRow(0, 1000, { scheduled_ms: 5, first_token_ms: 10 });
    expect(held([one, one, one])).toEqual([]);
    expect(held([one, { ...one, first_token_ms: null, itl_ms: null }])).toEqual([]);
  });
  function twice(): RequestRow {
    const at = Array.from({ length: 100 }, (_, k) => 10 * (k + 1)).map(t => (t > 200 && t < 300 ? 300 : t > 600 && t < 700 ? 700 : t));
    return { ...stream(), itl_ms: Float32Array.from(at.slice(1), (t, i) => t - at[i]!) };
  }
});

describe('requests that did not come in', () => {
  /** Admitted at `served`; answered in one piece. */
  const request = (arrival: number, served: number, finish: number) =>
    requestRow(arrival, finish, { scheduled_ms: served, first_token_ms: finish });
  /** There is room for four: so many ran at once. */
  const FOUR = Array.from({ length: 4 }, () => request(0, 0, 300));

  test('waited though the engine went on with room for them', () =>
    expect(held([...FOUR, request(500, 600, 700)])).toEqual([[500, 600, 'in']]));
  test('waited though the engine sat idle', () =>
    expect(held([...FOUR, request(500, 600, 700)], { ends: [], idle: [[450, 600]] })).toEqual([[500, 600, 'in']]));
  test('did not where they were admitted at once, and not where there are none', () => {
    expect(held([...FOUR, request(500, 500, 700)])).toEqual([]);
    expect(held([])).toEqual([]);
  });
  test('did not where the engine itself stood still', () => expect(held([...FOUR, request(500, 600, 700)], { ends: [] })).toEqual([]));
  test('waited for three plain steps, the last one being that which let them in', () => {
    expect(held([...FOUR, request(500, 540, 700)])).toEqual([[500, 540, 'in']]);
    expect(held([...FOUR, request(500, 539, 700)])).toEqual([]);
  });
  test('waited for as long as a delay must be to count', () => {
    const idle: Given = { ends: [], idle: [[450, 550]] };
    expect(held([...FOUR, request(500, 550, 700)], { ...idle, least: 50 })).toEqual([[500, 550, 'in']]);
    expect(held([...FOUR, request(500, 550, 700)], { ...idle, least: 50.1 })).toEqual([]);
    // The engine must have been free as long: a wait of 60 ms holds five steps.
    expect(held([...FOUR, request(500, 560, 700)], { least: 50 })).toEqual([[500, 560, 'in']]);
    expect(held([...FOUR, request(500, 560, 700)], { least: 51 })).toEqual([]);
  });
  test('did not where the engine was full', () => {
    // Four run until 1000, and of a fifth request nobody knows that it fits beside them.
    const full = [...FOUR, ...Array.from({ length: 4 }, () => request(400, 400, 800))];
    expect(held([...full, request(500, 805, 900)])).toEqual([]);
    expect(held([...full.slice(1), request(0, 0, 300), request(500, 600, 900)])).toEqual([[500, 600, 'in']]);
  });
  test('did not where somebody’s leaving made the room: within two steps', () => {
    const leaves = (at: number) => held([...FOUR, request(400, 400, at), request(500, 600, 700)]);
    expect(leaves(581)).toEqual([]);
    expect(leaves(600)).toEqual([]);
    expect(leaves(580)).toEqual([[500, 600, 'in']]);
    expect(leaves(601)).toEqual([[500, 600, 'in']]);
  });
  test('did not while the engine was full: only from when there was room on', () => {
    const full = Array.from({ length: 4 }, () => request(400, 400, 560));
    const [[from] = []] = held([...FOUR, ...full, request(420, 600, 700)]);
    expect(from).toBeGreaterThanOrEqual(560);
  });
  test('waited from when nobody else was let in any more', () =>
    expect(held([...FOUR, request(450, 540, 900), request(500, 600, 900)].toSpliced(4, 1, request(530, 540, 900)))).toEqual([
      [540, 600, 'in'],
    ]));
  test('waited together: one stretch for all of them', () =>
    expect(held([...FOUR, request(500, 600, 700), request(520, 600, 700), request(560, 600, 700)])).toEqual([[500, 600, 'in']]));
  test('waited twice, apart', () =>
    expect(held([...FOUR, request(500, 600, 700), request(900, 1000, 1100)])).toEqual([
      [500, 600, 'in'],
      [900, 1000, 'in'],
    ]));
  test('waited longer than this engine, which looks for input now and then, lets everybody wait', () => {
    /** Requests that come to an idle engine 10, 20, 30 and 40 ms before it looks, and one that waits for so long. */
    const looks = (n: number, waits: number) => {
      const usual = Array.from({ length: n }, (_, k) => request(1000 + 200 * k, 1010 + 200 * k + 10 * (k % 4), 1100 + 200 * k));
      const idle = [...usual.map(r => [r.arrival_ms, r.scheduled_ms!] as const), [500, 500 + waits] as const];
      return held([...FOUR, ...usual, request(500, 500 + waits, 500 + waits + 50)], { ends: [], idle });
    };
    const isSeen = (...given: Parameters<typeof looks>) => looks(...given).some(([from]) => from === 500);
    const limit = largestOf(Float64Array.of(10, 10, 20, 20, 30, 30, 40, 1000), 10);
    expect(limit).toBeGreaterThan(100);
    expect(isSeen(7, Math.floor(limit))).toBe(false);
    expect(isSeen(7, Math.ceil(limit))).toBe(true);
    // Of six and this one nobody can say what is usual.
    expect(isSeen(6, Math.floor(limit))).toBe(true);
  });
});

describe('both ways', () => {
  const stream = (from: number, to: number): RequestRow => {
    const at = Array.from({ length: 100 }, (_, k) => 10 * (k + 1)).map(t => (t > from && t < to ? to : t));
    return requestRow(0, 1000, { scheduled_ms: 5, first_token_ms: 10, itl_ms: Float32Array.from(at.slice(1), (t, i) => t - at[i]!) });
  };
  const comes = (arrival: number, served: number) =>
    requestRow(arrival, served + 50, { scheduled_ms: served, first_token_ms: served + 50 });
  const rows = (arrival: number, served: number) => [stream(400, 500), stream(400, 500), comes(arrival, served)];
  test('are one stretch where they overlap or touch', () => {
    expect(held(rows(450, 550))).toEqual([[400, 550, 'both']]);
    expect(held(rows(500, 550))).toEqual([[400, 550, 'both']]);
    expect(held(rows(350, 450))).toEqual([[350, 500, 'both']]);
  });
  test('are two where they are apart', () =>
    expect(held(rows(510, 560))).toEqual([
      [400, 500, 'out'],
      [510, 560, 'in'],
    ]));
});

test('as many requests as a long load test has are no burden', () => {
  const rows = Array.from({ length: 150_000 }, (_, k) => requestRow(k, k + 1, { first_token_ms: null }));
  expect(held(rows)).toEqual([]);
});
