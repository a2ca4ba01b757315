import { latencyOf } from '#decide/metrics/carried';
import type { RequestRow } from '#schema/relation';
import type { RunFigure } from '#schema/run';
import type { Target } from '#schema/targets';

const MS_PER_S = 1000;

type Latency = 'e2e' | 'ttft' | 'tpot';

/** A latency of one request, ms, from its intended start where that is known; null where it has none. */
const LATENCY: Readonly<Record<Latency, (row: RequestRow) => number | null>> = {
  e2e: row => (row.finish_ms === null ? null : row.finish_ms - (row.intended_ms ?? row.arrival_ms)),
  ttft: row => (row.first_token_ms === null ? null : row.first_token_ms - (row.intended_ms ?? row.arrival_ms)),
  tpot: ({ first_token_ms: first, finish_ms: end, output_tokens: tokens }) =>
    first === null || end === null || tokens === null ? null : tokens < 2 ? 0 : (end - first) / (tokens - 1),
};
const isLatency = (of: string): of is Latency => Object.hasOwn(LATENCY, of);

/**
 * Goodput: requests a second that came whole and whose every latency lies within its limit (Zhong et al. 2024, DistServe, OSDI). A limit on a
 * percentile is taken as one on each request.
 * @param rows all requests that were sent @returns none where no limit is one of a latency
 */
export function goodput(rows: readonly RequestRow[], limits: readonly Target[]): readonly RunFigure[] {
  const bounds = limits.flatMap(limit => {
    const [of, most] = [latencyOf(limit)?.of, limit.below ?? limit.at_most];
    return of !== undefined && isLatency(of) && most !== undefined ? [{ of, most }] : [];
  });
  if (bounds.length === 0 || rows.length === 0) return [];
  const isGood = (row: RequestRow) =>
    row.status === 'ok' && bounds.every(({ of, most }) => (LATENCY[of](row) ?? Number.POSITIVE_INFINITY) <= most);
  const from = rows.reduce((least, row) => Math.min(least, row.arrival_ms), Number.POSITIVE_INFINITY);
  const to = rows.reduce((most, row) => Math.max(most, row.finish_ms ?? row.arrival_ms), Number.NEGATIVE_INFINITY);
  const seconds = (to - from) / MS_PER_S;
  if (!(seconds > 0)) return [];
  return [
    { metric: 'good req/s', setting: '', unit: 'req/s', better: 'higher', value: rows.filter(isGood).length / seconds, n: rows.length },
  ];
}
