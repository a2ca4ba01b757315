import { describe, expect, test } from 'vitest';
import type { RequestRow } from '#schema/relation';
import { MS, requestRow, requestsOf } from '#test/attribution-sample';
import { type ExplainedOutside, outsideDelays } from './outside-delays.ts';

const stall = (start: number, end: number, way: ExplainedOutside['way'], facts: Partial<ExplainedOutside> = {}): ExplainedOutside => ({
  start: start * MS,
  end: end * MS,
  way,
  incident: 0,
  cause: 'front-end',
  ...facts,
});
/** Steps of 10 ms from 0 to 2000. */
const ENDS = Float64Array.from({ length: 200 }, (_, k) => (k + 1) * 10 * MS);
const delays = (stalls: readonly ExplainedOutside[], row: RequestRow, ends = ENDS) => {
  const [request] = requestsOf([row]);
  const { waited, delaysOf } = outsideDelays(stalls, ends);
  return { waited: waited(request!), delays: delaysOf(request!) };
};
/** Delay by the only stall, ms. */
const cost = (...given: Parameters<typeof delays>) => delays(...given).delays.reduce((sum, [, , ms]) => sum + ms, 0);
/** Admitted at `served`, with tokens at these times, ms. */
function streaming(arrival: number, served: number, at: readonly number[], rest: Partial<RequestRow> = {}) {
  const gaps = Float32Array.from(at.slice(1), (t, i) => t - at[i]!);
  return requestRow(arrival, at.at(-1)!, { scheduled_ms: served, first_token_ms: at[0]!, itl_ms: gaps, ...rest });
}

describe('requests that did not come in', () => {
  const held = [stall(100, 200, 'in')];
  test('lost the part of their wait that lies in it', () => {
    expect(delays(held, streaming(50, 180, [190, 200]))).toEqual({ waited: 80, delays: [[0, 'front-end', 80]] });
    expect(delays(held, streaming(120, 250, [260, 270])).waited).toBe(80);
    expect(delays(held, streaming(120, 180, [190, 200])).waited).toBe(60);
    expect(delays(held, streaming(50, 250, [260, 270])).waited).toBe(100);
  });
  test('lost nothing where they were admitted before, or came after', () => {
    expect(delays(held, streaming(50, 100, [110, 150]))).toEqual({ waited: 0, delays: [] });
    expect(delays(held, streaming(200, 230, [240]))).toEqual({ waited: 0, delays: [] });
  });
  test('lost no tokens', () => expect(cost(held, streaming(0, 5, [10, 20, 200]))).toBe(0));
});

describe('tokens that did not go out', () => {
  const held = [stall(100, 200, 'out')];
  test('came as much later as the engine had made the last of them sooner', () => {
    // Two are missing at 100; the steps that end at 110 and 120 made them.
    expect(cost(held, streaming(0, 5, [90, 100, 200, 200]))).toBe(80);
    expect(cost(held, streaming(0, 5, [90, 100, 195, 195]))).toBe(75);
  });
  test('made a request no later that goes on: its tokens come in a heap', () =>
    expect(cost(held, streaming(0, 5, [90, 100, 200, 200, 210]))).toBe(0));
  test('made a request no later that was over before, or just when it began', () => {
    expect(cost(held, streaming(0, 5, [80, 90]))).toBe(0);
    expect(cost(held, streaming(0, 5, [90, 100]))).toBe(0);
  });
  test('are not missing where a request was admitted only then', () => {
    expect(cost(held, streaming(0, 100, [150, 200]))).toBe(0);
    expect(cost(held, streaming(0, 99, [150, 200]))).toBe(80);
  });
  test('are not missing where the engine made them no sooner', () => {
    const some = streaming(0, 5, [90, 100, ...Array.from({ length: 10 }, (_, k) => 110 + 10 * k)]);
    expect(cost(held, some)).toBe(0);
    // A request that ends with a token sooner than the engine was done: two clocks.
    expect(cost(held, streaming(0, 5, [90, 108]))).toBe(0);
  });
  test('are nobody’s wait, unless only the first token tells of an admission', () => {
    expect(delays(held, streaming(50, 180, [190, 200])).waited).toBe(0);
    expect(delays(held, streaming(50, 180, [190, 200], { scheduled_ms: null }))).toEqual({ waited: 90, delays: [[0, 'front-end', 90]] });
  });
  test('cannot be told from beyond the last step', () => {
    expect(cost(held, streaming(0, 5, [90, 100, 200, 200]), ENDS.subarray(0, 11))).toBe(0);
    expect(cost(held, streaming(0, 5, [90, 100, 200, 200]), new Float64Array(0))).toBe(0);
  });
  test('are one where only the end is known', () =>
    expect(cost(held, requestRow(0, 150, { scheduled_ms: 5, first_token_ms: null }))).toBe(40));
  test('are not counted from before they stopped, where only the first one’s time is known', () =>
    expect(cost(held, requestRow(0, 200, { scheduled_ms: 5, first_token_ms: 50, itl_ms: null }))).toBeLessThan(100));
});

describe('both ways', () => {
  test('cost those that wait and those that stream', () => {
    const held = [stall(100, 200, 'both')];
    expect(delays(held, streaming(150, 250, [260, 270])).delays).toEqual([[0, 'front-end', 50]]);
    expect(delays(held, streaming(0, 5, [90, 100, 200, 200]))).toEqual({ waited: 0, delays: [[0, 'front-end', 80]] });
  });
});

describe('several of them', () => {
  const two = [stall(100, 200, 'in', { incident: 4 }), stall(300, 400, 'out', { incident: 7, cause: 'client' })];
  test('are told with their incidents and causes', () =>
    expect(delays(two, streaming(50, 180, [190, 300, 400]))).toEqual({
      waited: 80,
      delays: [
        [4, 'front-end', 80],
        [7, 'client', 90],
      ],
    }));
  test('add up in the wait of one request', () =>
    expect(delays([stall(100, 200, 'in'), stall(300, 400, 'in')], streaming(150, 350, [360, 370])).waited).toBe(100));
  test('are none', () => expect(delays([], streaming(50, 180, [190, 200]))).toEqual({ waited: 0, delays: [] }));
});
