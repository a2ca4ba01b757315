import { describe, expect, test } from 'vitest';
import type { RequestRow } from '#schema/relation';
import { latencies, latenciesOverTime } from './latencies.ts';

const row = (i: number, latency: number): RequestRow => ({
  ...{ id: String(i), intended_ms: null, arrival_ms: i * 10, scheduled_ms: null, first_token_ms: i * 10 + latency / 4 },
  ...{ finish_ms: i * 10 + latency, prompt_tokens: null, output_tokens: 4, itl_ms: Float32Array.of(1, 2, 3), status: 'ok' as const },
});
/** 1,000 requests; in every two hundredth stretch of ten all are slow together. */
const inIncidents = Array.from({ length: 1000 }, (_, i) => row(i, 50 + (i % 7) + (i % 200 < 10 ? 300 + (i % 200) : 0)));

describe('latencies', () => {
  test('have every metric that the requests tell', () =>
    expect(latencies(inIncidents).map(l => [l.metric, l.n])).toEqual([
      ['e2e', 1000],
      ['ttft', 1000],
      ['tpot', 1000],
      ['itl', 3000],
    ]));
  test('over time have an interval by blocks, all but the gaps between tokens', () =>
    expect(latenciesOverTime(inIncidents).map(l => l.p99_bootstrap_ci_ms !== null)).toEqual([true, true, true, false]));
  test('that come in incidents have a wider interval by incidents than by ranks, whatever the order of the rows', () => {
    const [e2e] = latenciesOverTime(inIncidents);
    expect(e2e?.p99_ci_ms[1]).not.toBeNull();
    expect(e2e?.p99_bootstrap_ci_ms?.[0]).toBeLessThan(e2e?.p99_ci_ms[0] ?? 0);
    // Five incidents of ten requests: one more could lift p99 beyond all that was seen.
    expect(e2e?.p99_bootstrap_ci_ms?.[1]).toBeNull();
    expect(latenciesOverTime(inIncidents.toReversed())[0]).toEqual(e2e);
  });
  test('take the incidents that they are told', () => {
    const low = (clusterOf: ArrayLike<number>) => latenciesOverTime(inIncidents, clusterOf)[0]?.p99_bootstrap_ci_ms?.[0] ?? Number.NaN;
    const incidentOf = (i: number) => (i % 200 < 10 ? Math.floor(i / 200) : 10 + i);
    expect(low(inIncidents.map((_, i) => incidentOf(i)))).toBeLessThan(low(inIncidents.map((_, i) => i)));
  });
  test('of few requests have no upper bound by blocks where ranks give none', () => {
    const [e2e] = latenciesOverTime(inIncidents.slice(0, 100));
    expect(e2e?.p99_bootstrap_ci_ms?.[1]).toBeNull();
  });
});
