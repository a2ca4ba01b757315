import { describe, expect, test } from 'vitest';
import nativeRequests from '#input/formats/native-requests/importer';
import { LoadStage } from '#schema/load';
import type { Outcome } from './outcome.ts';
import { epochBy, requestLine } from './request-file.ts';
import { stageSummary } from './stage-summary.ts';

const PAIR = { epoch_ns: '1795311833294518591', monotonic_ns: '1000000000', uncertainty_ns: 500 };
const MS = 1e6;
const T = 2_000_000_000;

/** A request that was due at T + 10·i ms, sent `late` ms after that, answered by three tokens: 20, 25 and 30 ms after the send. */
const outcome = (index: number, late = 0, wish: Partial<Outcome> = {}): Outcome => {
  const intended = T + index * 10 * MS;
  const sent = intended + late * MS;
  return {
    index,
    phase: 'measured',
    intended,
    released: sent,
    sent,
    first: sent + 20 * MS,
    last: sent + 30 * MS,
    finish: sent + 31 * MS,
    settled: sent + 31 * MS,
    gapsUs: [5000, 5000],
    promptTokens: 12,
    outputTokens: 3,
    counted: 'usage',
    status: 'ok',
    why: null,
    ...wish,
  };
};
const gone = { status: 'unfinished', why: 'timed out', finish: null, first: null, last: null, gapsUs: [], outputTokens: null } as const;
const summary = (outcomes: readonly Outcome[], due = outcomes.length, inFlightNs?: number): LoadStage =>
  LoadStage.parse(
    stageSummary(
      {
        concurrency: null,
        from: T,
        to: T + 1000 * MS,
        due,
        inFlightNs: inFlightNs ?? outcomes.reduce((sum, o) => sum + o.settled - o.released, 0),
        outcomes,
      },
      PAIR,
    ),
  );
const hundred = (late: (i: number) => number = () => 0) => Array.from({ length: 100 }, (_, i) => outcome(i, late(i)));
const row = (stage: LoadStage, metric: string, from: string) => stage.latencies.find(l => l.metric === metric && l.from === from)!;

describe('latencies', () => {
  test('from the intended start hold the delay of the client, those from the send do not', () => {
    const stage = summary(hundred(i => (i >= 90 ? 50 : 0)));
    expect(row(stage, 'ttft', 'intended')).toMatchObject({ n: 100, p50_ms: 20, p90_ms: 20, p95_ms: 70, p99_ms: 70, max_ms: 70 });
    expect(row(stage, 'ttft', 'send')).toMatchObject({ p50_ms: 20, p99_ms: 20, max_ms: 20 });
    expect(row(stage, 'e2e', 'intended').max_ms).toBeCloseTo(81, 6);
    expect(row(stage, 'tpot', 'token')).toMatchObject({ n: 100, p50_ms: 5, max_ms: 5 });
    expect(row(stage, 'itl', 'token')).toMatchObject({ n: 200, p99_ms: 5, p99_ci_ms: null });
  });
  test('of a hundred answers know no upper end of the interval of p99', () =>
    expect(row(summary(hundred()), 'e2e', 'send').p99_ci_ms).toEqual([31, null]));
  test('of what was given up count as a lower bound', () => {
    const stage = summary([...hundred(), outcome(100, 0, { ...gone, settled: T + 4000 * MS })]);
    expect(row(stage, 'e2e', 'send').max_ms).toBe(31);
    expect(row(stage, 'e2e_or_abandoned', 'intended')).toMatchObject({ n: 101, max_ms: 3000 });
  });
});

describe('the schedule', () => {
  test('is kept when almost all go in time', () => expect(summary(hundred()).schedule).toMatchObject({ kept: true, why: null }));
  test('is not kept when p99 of the delay is above 10 ms', () => {
    expect(summary(hundred(i => (i < 2 ? 11 : 0))).schedule).toMatchObject({ kept: false, generator_delay: { p99_ms: 11, max_ms: 11 } });
    expect(summary(hundred(i => (i < 2 ? 9 : 0))).schedule).toMatchObject({ kept: true });
  });
  test('is not kept when more than one in a hundred was never sent', () => {
    expect(summary(hundred(), 102)).toMatchObject({ schedule: { kept: false }, requests: { intended: 102, sent: 100, never_sent: 2 } });
    expect(summary(hundred(), 101)).toMatchObject({ schedule: { kept: true } });
  });
  test('time to connect is not the delay of the generator', () => {
    const slow = hundred().map(o => ({ ...o, sent: o.released + 100 * MS }));
    expect(summary(slow).schedule).toMatchObject({
      kept: true,
      start_delay: { p50_ms: 100 },
      generator_delay: { p50_ms: 0 },
      connection_delay: { p50_ms: 100 },
    });
  });
});

describe("Little's law", () => {
  test('holds for what was recorded whole', () => {
    const { littles_law } = summary(hundred());
    expect(littles_law?.holds).toBe(true);
    // 100 requests of 31 ms in the 1021 ms from the first send to the last answer.
    expect(littles_law?.mean_in_flight).toBeCloseTo(3100 / 1021, 9);
  });
  test('does not when requests are lost, or counted twice', () => {
    const counted = 100 * 31 * MS;
    expect(summary(hundred().slice(0, 95), 100, counted).littles_law?.holds).toBe(false);
    expect(summary([...hundred(), ...hundred().slice(0, 5)], 100, counted).littles_law?.holds).toBe(false);
  });
});

describe('rates', () => {
  test('count what came within the window', () => {
    // The window is a second: three answers end after it, and five tokens of the last two come after it.
    const stage = summary(hundred());
    expect(stage.completed_in_window).toBe(97);
    expect(stage.completed_per_s).toBe(97);
    expect(stage.output_tokens_in_window).toBe(295);
    expect(stage.output_tokens_per_s).toBe(295);
    expect(stage.output_tokens).toBe(300);
  });
});

test('a line of the log is read back as it was meant', () => {
  const outcomes = [outcome(0, 2), outcome(1, 0, gone), outcome(2, 0, { status: 'failed', sent: null, first: null, counted: null })];
  const series = nativeRequests.parse(outcomes.map(o => requestLine(`r${o.index}`, o, epochBy(PAIR))).join(''), 'requests.jsonl');
  expect(series.warnings).toEqual([]);
  expect(series.clock).toMatchObject({ kind: 'epoch' });
  // The intended start of the first request: one second after the clock pair.
  expect(series.rows[0]).toMatchObject({
    id: 'r0',
    intended_ms: -2,
    arrival_ms: 0,
    first_token_ms: 20,
    finish_ms: 31,
    itl_ms: Float32Array.of(5, 5),
    status: 'ok',
  });
  expect(series.origin_ns).toBe(1795311833294518591n + 1_002_000_000n);
  expect(series.rows.map(r => r.status)).toEqual(['ok', 'unfinished', 'failed']);
});
