import type { Ms } from '#core/units';
import type { DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import type { RequestRow } from '#schema/relation';
import type { Latency } from '#schema/report';
import type { JudgedCause } from './ranked-causes.ts';

const MS = 1e6;

/** A finished request. */
export const requestRow = (arrival_ms: Ms, time_ms: Ms, rest: Partial<RequestRow> = {}): RequestRow => ({
  ...{ id: `r${arrival_ms}`, intended_ms: null, arrival_ms, scheduled_ms: null, first_token_ms: null, finish_ms: arrival_ms + time_ms },
  ...{ prompt_tokens: null, output_tokens: null, itl_ms: null, status: 'ok' as const },
  ...rest,
});

/** A request that took `time` where `expected` was enough; it is slow where any part of the rest has a cause. */
export function delayOf(arrival: Ms, time: Ms, parts: Readonly<Partial<Record<CauseOrRest, Ms>>>, incident = 0): DelayBreakdown {
  const map = new Map(Object.entries(parts) as [CauseOrRest, number][]);
  const excess = [...map.values()].reduce((a, b) => a + b, 0);
  const [start, end] = [arrival * MS, (arrival + time) * MS];
  return {
    request: {
      ...{ row: requestRow(arrival, time), arrival: start, end, scheduled: undefined, firstToken: undefined, timeMs: time, served: start },
      work: { prompt: null, output: null, batch: null },
    },
    ...{
      expectedMs: time - excess,
      excessMs: excess,
      slow: map.size > 0,
      parts: map,
      full: map,
      waitedMs: 0,
      waitCause: 'queueing',
      behind: undefined,
    },
    byIncident: map.size > 0 ? new Map([[incident, map]]) : new Map(),
  };
}

/** An incident whose causes take so many ms each, the likeliest first. */
export function stallOf(from: Ms, to: Ms, parts: Readonly<Partial<Record<CauseOrRest, Ms>>>): ExplainedStall {
  const causes = Object.entries(parts).map(([cause, ms]) => ({
    ...{ cause: cause as CauseOrRest, excess: ms * MS, subject: `about ${cause}`, confidence: 'high' as const },
  }));
  return { start: from * MS, end: to * MS, excess: causes.reduce((s, c) => s + c.excess, 0), causes, shares: [] };
}

/** A cause that requests were judged by. */
export const judgedCause = (cause: JudgedCause['cause'], rest: Partial<JudgedCause> = {}): JudgedCause => ({
  ...{ cause, rank: 1, scope: 'incident', excess_ms: 100, share: 0.5, p99_without_ms: { lower: 80, upper: 90 } },
  ...{
    confidence: 'high',
    why_confidence: 'seen',
    subject: `about ${cause}`,
    root: null,
    incidents: ['I1'],
    evidence: [],
    advice: 'Mend it.',
  },
  ...rest,
});

/** End-to-end latency of so many requests. */
export const endToEnd = (p99_ms: Ms, n = 1000, upper: Ms | null = 2 * p99_ms): Latency => ({
  ...{ metric: 'e2e', n, p50_ms: p99_ms / 4, p95_ms: p99_ms / 2, p99_ms, p99_ci_ms: [p99_ms / 2, upper] },
  ...{ p99_bootstrap_ci_ms: null, max_ms: p99_ms },
});
