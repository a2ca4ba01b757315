import { describe, expect, test } from 'vitest';
import { NO_SPANS, spansOf } from '#core/math/spans';
import { placeRequests } from '#diagnosis/requests/requests';
import { findStalls } from '#diagnosis/steps/stalls';
import type { Signal } from '#diagnosis/telemetry/signal';
import type { RequestRow } from '#schema/relation';
import { asEngineSteps, slowStretches } from './late-tokens.ts';
import { tokenSteps } from './token-steps.ts';

const MS = 1e6;
const STEP = 10;

/** A request that gets a token at each of these moments, ms. */
const streamed = (id: string, arrival: number, tokens: readonly number[], prompt: number | null = 100): RequestRow => ({
  ...{ id, intended_ms: null, arrival_ms: arrival, scheduled_ms: null, status: 'ok', prompt_tokens: prompt },
  first_token_ms: tokens[0] ?? null,
  finish_ms: tokens.at(-1) ?? null,
  output_tokens: tokens.length,
  itl_ms: Float32Array.from(tokens.slice(1), (t, i) => t - (tokens[i] ?? 0)),
});
/** Ends of steps; some take longer. */
const ends = (n: number, longer: Readonly<Record<number, number>> = {}) => {
  let at = 0;
  return Array.from({ length: n }, (_, i) => (at += STEP + (longer[i] ?? 0)));
};
const seenBy = (rows: readonly RequestRow[]) => {
  const judged = placeRequests(rows, 0);
  const window = [0, Math.max(...judged.map(r => r.end))] as const;
  const inFlight = spansOf(judged.map(r => [r.arrival, r.end] as const));
  return { judged, window, inFlight, steps: tokenSteps(judged, window, inFlight) };
};
/** Three streams of one engine that makes so many steps. */
const three = (times: readonly number[]) =>
  ['a', 'b', 'c'].map((id, k) =>
    streamed(
      id,
      0,
      times.map(t => t + k * 0.01),
    ),
  );

describe('steps by the times of tokens', () => {
  test('end where the tokens of all streams bunch, and a stall is a step that took longer', () => {
    const { steps, inFlight } = seenBy(three(ends(100, { 60: 50 })));
    if (typeof steps === 'string') throw new Error(steps);
    expect(steps.cuts.length).toBeGreaterThan(99);
    const engine = asEngineSteps(steps, inFlight, 3);
    const [stall, ...others] = engine === undefined ? [] : findStalls(engine);
    expect(others).toEqual([]);
    expect([(stall?.start ?? 0) / MS, (stall?.excess ?? 0) / MS]).toEqual([expect.closeTo(600, 0), expect.closeTo(50, 0)]);
  });
  test('a prompt takes what so many tokens take, and is no delay', () => {
    const times = ends(200, { 40: 20, 80: 40, 120: 20, 160: 40 });
    const late = [40, 80, 120, 160].map((i, k) =>
      streamed(`p${k}`, (times[i] ?? 0) - 35, times.slice(i, i + 20), k % 2 === 0 ? 1000 : 2000),
    );
    const { steps } = seenBy([...three(times), ...late]);
    if (typeof steps === 'string') throw new Error(steps);
    expect(steps.late.filter((ns, i) => ns > 5 * MS && ns > (steps.limit[i] ?? 0))).toHaveLength(0);
  });
});

describe('no steps are told', () => {
  test('where tokens have no times', () =>
    expect(seenBy(three(ends(100)).map(r => ({ ...r, itl_ms: null }))).steps).toBe('no-token-times'));
  test.each([
    [40, 'object'],
    [38, 'string'],
  ])('of fewer than forty: %i', (n, kind) => expect(typeof seenBy(three(ends(n))).steps).toBe(kind));
  test('of replicas that take turns', () => {
    const times = ends(200);
    const other = times.map(t => t + STEP / 2);
    const rows = [...three(times), ...three(other).map(r => ({ ...r, id: `${r.id}2` }))];
    expect(seenBy(rows).steps).toBe('out-of-step');
  });
});

describe('a signal', () => {
  const signal = (over: Partial<Signal>): Signal => ({
    ...{ cause: 'paging', spans: spansOf([[590 * MS, 660 * MS]]), most: () => 1, followsWork: () => false, subject: () => 'faults' },
    ...over,
  });
  const { steps, inFlight } = seenBy(three(ends(100, { 60: 50 })));
  const lost = (s: Signal) => {
    if (typeof steps === 'string') throw new Error(steps);
    const engine = asEngineSteps(steps, inFlight, 3, [s]);
    return engine === undefined ? [] : findStalls(engine).map(x => x.excess / MS);
  };
  test('that covers a late step takes its delay, and makes it no longer', () => expect(lost(signal({}))).toEqual([expect.closeTo(50, 0)]));
  test('is held against the steps that stand out, a clock against the slower half', () => {
    if (typeof steps === 'string') throw new Error(steps);
    expect(slowStretches(steps, signal({})).n).toBe(1);
    expect(slowStretches(steps, signal({ cause: 'clock-throttle' })).n).toBeGreaterThanOrEqual(1);
    expect(slowStretches(steps, signal({ spans: NO_SPANS })).n).toBe(1);
  });
});
