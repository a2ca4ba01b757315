import { describe, expect, test } from 'vitest';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { RequestRow } from '#schema/relation';
import { incidentOf, MS, requestRow, requestsOf } from '#test/attribution-sample';
import { clockSeen } from './lane-clock.ts';
import { type LaneRules, replay } from './lane-queue.ts';
import { usualPace } from './usual-pace.ts';

const pace = (rows: readonly RequestRow[], incidents: readonly ExplainedStall[] = []) => usualPace(requestsOf(rows), clockSeen(incidents));
const inMs = (list: Iterable<number>) => [...list].map(t => t / MS);
const times = <T>(n: number, make: (k: number) => T) => Array.from({ length: n }, (_, k) => make(k));

/** Requests, one after the other, that get a token every `gap` ms after a prefill. */
const streams = (n: number, { gap = 10, tokens = 8, prefill = 0, rest = {} as Partial<RequestRow> } = {}) =>
  times(n, k => {
    const from = 1000 * k;
    const first = from + prefill + gap;
    const row = {
      scheduled_ms: from,
      first_token_ms: first,
      output_tokens: tokens,
      itl_ms: Float32Array.from(times(tokens - 1, () => gap)),
    };
    return requestRow(from, first + gap * (tokens - 1), { ...row, ...rest });
  });

describe('the time between two tokens', () => {
  test('is that of the gaps that were recorded, at the median', () => {
    expect(pace(streams(5)).gap).toBe(10 * MS);
    const rows = streams(5);
    rows[2] = { ...rows[2]!, itl_ms: Float32Array.of(10, 10, 500, 10, 10, 10, 10) };
    expect(pace(rows).gap).toBe(10 * MS);
  });
  test('takes ten gaps, else the time of a request after its first token tells', () => {
    // Gaps of 10 ms, of a request that ends a millisecond a token later than they say.
    const later = (n: number) => streams(1, { tokens: n + 1 }).map(r => ({ ...r, finish_ms: r.finish_ms! + n }));
    expect(pace(later(10)).gap).toBe(10 * MS);
    expect(pace(later(9)).gap).toBe(11 * MS);
  });
  test('is that of each request’s tokens after the first where no gaps were recorded', () =>
    expect(pace(streams(5, { gap: 12, rest: { itl_ms: null } })).gap).toBe(12 * MS));
  test('leaves out tokens that came together', () => {
    const rows = streams(5).map(r => ({ ...r, itl_ms: Float32Array.of(0, 20, 0, 20, 0, 20, 10) }));
    expect(pace(rows).gap).toBe(20 * MS);
  });
  test('is by the lane’s clock: what an incident took is not in it', () => {
    // Every request meets 30 ms of a hold-up between its second and third token.
    const rows = streams(5).map(r => ({ ...r, finish_ms: r.finish_ms! + 30, itl_ms: Float32Array.of(10, 40) }));
    const stalls = rows.map(r => incidentOf(r.arrival_ms + 20, r.arrival_ms + 60, { 'storage-io': 30 }));
    expect(pace(rows).gap).toBe(25 * MS);
    expect(pace(rows, stalls).gap).toBe(10 * MS);
  });
  test('is 0 without tokens', () => {
    expect(pace(streams(5, { rest: { itl_ms: null, first_token_ms: null } })).gap).toBe(0);
    expect(pace(streams(5, { rest: { itl_ms: null, output_tokens: null } })).gap).toBe(0);
    expect(pace(streams(5, { tokens: 1, rest: { itl_ms: null } })).gap).toBe(0);
  });
});

describe('for how long a prefill holds everyone up', () => {
  /** A request that streams all the time, and others that come every 100 ms with more and more to read: 0.1 ms a token. */
  function beside(n: number) {
    const prompt = (k: number) => 100 * (1 + (k % 5));
    const took = (k: number) => prompt(k) / 10;
    const others = times(n, k => {
      const at = 100 * (k + 1);
      const first = at + took(k) + 10;
      return requestRow(at, first + 20, {
        scheduled_ms: at,
        first_token_ms: first,
        prompt_tokens: prompt(k),
        output_tokens: 3,
        itl_ms: Float32Array.of(10, 10),
      });
    });
    // Its own tokens come every 10 ms, those in which somebody is read with as much delay.
    const stamps: number[] = [20];
    for (const o of [...others, requestRow(100 * (n + 1), 0, { first_token_ms: 100 * (n + 1) })]) {
      for (let t = stamps.at(-1)! + 10; t <= o.arrival_ms; t += 10) stamps.push(t);
      if (o.finish_ms! > 0) stamps.push(o.first_token_ms!);
    }
    const gaps = Float32Array.from(stamps.slice(1), (t, i) => t - stamps[i]!);
    const all = requestRow(0, stamps.at(-1)!, {
      scheduled_ms: 0,
      first_token_ms: 20,
      prompt_tokens: 100,
      output_tokens: stamps.length,
      itl_ms: gaps,
    });
    return [all, ...others];
  }
  test('is what the gaps in which a first token falls have more, by the prompt', () => {
    const { gap, holdsUp } = pace(beside(20));
    expect(gap).toBe(10 * MS);
    for (const [k, ms] of inMs(holdsUp).slice(1).entries()) expect(ms).toBeCloseTo(10 * (1 + (k % 5)), 1);
  });
  test('needs ten of them', () => {
    expect(Math.max(...pace(beside(10)).holdsUp)).toBeGreaterThan(0);
    expect(Math.max(...pace(beside(9)).holdsUp)).toBe(0);
  });
  test('is the time to the first token less a token’s, where no gaps were recorded', () => {
    const rows = streams(12, { prefill: 30, rest: { itl_ms: null } });
    for (const ms of inMs(pace(rows).holdsUp)) expect(ms).toBeCloseTo(30, 6);
    expect(inMs(pace(rows.slice(0, 9)).holdsUp)).toEqual(times(9, () => 0));
  });
  test('is not known, nor told from the wait, where no admission was recorded', () => {
    const rows = streams(12, { prefill: 30, rest: { itl_ms: null, scheduled_ms: null } });
    const { holdsUp, wait } = pace(rows);
    expect(inMs(holdsUp)).toEqual(times(12, () => 0));
    expect(inMs(wait)).toEqual(times(12, () => 40));
  });
  test('is never less than nothing', () => {
    // First tokens come sooner than a usual one.
    const rows = streams(12, { rest: { itl_ms: null } }).map(r => ({ ...r, first_token_ms: r.arrival_ms + 1 }));
    expect(inMs(pace(rows).holdsUp)).toEqual(times(12, () => 0));
  });
});

describe('what a request waits for though there is room', () => {
  const waiting = (ms: number) => streams(3).map(r => ({ ...r, arrival_ms: r.arrival_ms - ms }));
  test('is what it waited, no longer than a step', () => {
    expect(inMs(pace(waiting(4)).wait)).toEqual([4, 4, 4]);
    expect(inMs(pace(waiting(10)).wait)).toEqual([10, 10, 10]);
    expect(inMs(pace(waiting(11)).wait)).toEqual([10, 10, 10]);
  });
  test('may be a step and the longest prefill', () => {
    const rows = streams(12, { prefill: 30, rest: { itl_ms: null } }).map(r => ({ ...r, arrival_ms: r.arrival_ms - 100 }));
    for (const ms of inMs(pace(rows).wait)) expect(ms).toBeCloseTo(40, 6);
  });
  test('is the whole wait where no admission was recorded', () =>
    expect(inMs(pace(waiting(50).map(r => ({ ...r, scheduled_ms: null }))).wait)).toEqual([60, 60, 60]));
  test('is nothing where the clock stood still', () => {
    const rows = waiting(4).slice(1, 2);
    expect(inMs(pace(rows, [incidentOf(996, 1000, { 'storage-io': 4 })]).wait)).toEqual([0]);
  });
});

describe('how many requests the lane takes', () => {
  const NO_SLOWDOWN: LaneRules['slowdown'] = () => 1;
  /** Requests that come every 10 ms, each working for 60 to 90 ms, served by so many places. */
  function served(most: number, n = 60) {
    const jobs = times(n, k => ({ ready: 10 * k * MS, holdsUp: 0, work: (60 + 10 * (k % 4)) * MS }));
    const rules = { most, slowdown: NO_SLOWDOWN };
    return replay(jobs, rules).map(({ admitted, done }, k) =>
      requestRow(10 * k, done / MS, { scheduled_ms: admitted / MS, first_token_ms: null, output_tokens: null, id: `${k}` }),
    );
  }
  test('is that with which they were admitted when they were', () => {
    for (const most of [1, 2, 3, 5]) expect(pace(served(most)).most).toBe(most);
  });
  test('is at least as many as ever ran where nobody waited', () => expect(pace(served(100)).most).toBeGreaterThanOrEqual(7));
  test('is one where one ran at a time, and of a single request', () => {
    expect(pace(streams(5)).most).toBe(1);
    expect(pace(streams(1)).most).toBe(1);
  });
  test('is no limit where no admission was recorded', () =>
    expect(pace(served(2).map(r => ({ ...r, scheduled_ms: null }))).most).toBe(Number.POSITIVE_INFINITY));
  test('is no limit known where one of them has no admission', () =>
    expect(pace(served(2).with(3, { ...served(2)[3]!, scheduled_ms: null })).most).toBe(Number.POSITIVE_INFINITY));
});

describe('how the pace falls with the number of requests', () => {
  /** Pairs, threes and so on that run together, a token taking `each(k)` ms among k. */
  const groups = (each: (k: number) => number) =>
    times(24, g => {
      const together = 1 + (g % 4);
      const tokens = 10 + 3 * (g % 5);
      return times(together, i => {
        const from = 2000 * g;
        const end = from + tokens * each(together);
        return requestRow(from, end, {
          id: `${g}-${i}`,
          scheduled_ms: from,
          first_token_ms: from,
          prompt_tokens: null,
          output_tokens: tokens,
        });
      });
    }).flat();
  test('is the line of their time on tokens and on tokens times company', () => {
    // Alone 10 ms a token, and 2 ms for each beside it.
    const { slowdown } = pace(groups(k => 8 + 2 * k));
    expect(slowdown(1)).toBeCloseTo(1, 6);
    expect(slowdown(2)).toBeCloseTo(1.2, 2);
    expect(slowdown(4)).toBeCloseTo(1.6, 2);
  });
  test('is not at all where a token takes as long in any company', () => {
    const { slowdown } = pace(groups(() => 10));
    for (const running of [1, 2, 8]) expect(slowdown(running)).toBeCloseTo(1, 6);
  });
  test('is not known of less than ten requests, nor where the tokens of one are not known', () => {
    const rows = groups(k => 8 + 2 * k);
    const ofTen = rows.slice(0, 10);
    expect(pace(ofTen.slice(0, 9)).slowdown(4)).toBe(1);
    expect(pace(rows.with(5, { ...rows[5]!, output_tokens: null })).slowdown(4)).toBe(1);
  });
});

describe('what each worked', () => {
  test('is its time from admission to end, where nobody else was beside it', () =>
    expect(inMs(pace(streams(3, { tokens: 5 })).work)).toEqual([50, 50, 50]));
  test('is without its prefill', () => {
    const rows = streams(12, { prefill: 30, rest: { itl_ms: null } });
    for (const ms of inMs(pace(rows).work)) expect(ms).toBeCloseTo(80, 6);
  });
  test('is without what incidents took', () => {
    const [row] = streams(1, { tokens: 5 });
    expect(inMs(pace([{ ...row!, finish_ms: row!.finish_ms! + 30 }], [incidentOf(20, 60, { 'storage-io': 30 })]).work)).toEqual([50]);
  });
  test('gives, replayed, the ends that were seen', () => {
    const rows = streams(12, { prefill: 30, rest: { itl_ms: null } });
    const { most, slowdown, holdsUp, work, wait } = pace(rows);
    const jobs = rows.map((r, i) => ({ ready: r.arrival_ms * MS + wait[i]!, holdsUp: holdsUp[i]!, work: work[i]! }));
    for (const [i, { done }] of replay(jobs, { most, slowdown }).entries()) expect(done / MS).toBeCloseTo(rows[i]!.finish_ms!, 6);
  });
});

test('of no requests nothing is known, and nothing breaks', () =>
  expect(pace([])).toMatchObject({ gap: 0, holdsUp: [], wait: [], work: new Float64Array(0) }));
