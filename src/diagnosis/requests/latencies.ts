import { valueAt } from '#core/columns';
import { clusterQuantile } from '#core/math/cluster-quantile';
import type { Ms } from '#core/units';
import type { RequestRow } from '#schema/relation';
import type { Latency } from '#schema/report';
import { blocksOf } from './clusters.ts';
import { latencyOf, latencyOfGaps } from './latency-of.ts';

const finished = (rows: readonly RequestRow[]) => rows.filter(r => r.status === 'ok' && r.finish_ms !== null);

type Timed = Exclude<Latency['metric'], 'itl'>;

/** What a finished request says of each metric; nothing where it does not say. */
const VALUES: Readonly<Record<Timed, (r: RequestRow) => Ms | null>> = {
  e2e: r => (r.finish_ms ?? Number.NaN) - r.arrival_ms,
  ttft: r => (r.first_token_ms === null ? null : r.first_token_ms - r.arrival_ms),
  tpot: r =>
    r.first_token_ms === null || r.output_tokens === null || r.output_tokens < 2
      ? null
      : ((r.finish_ms ?? Number.NaN) - r.first_token_ms) / (r.output_tokens - 1),
};
const METRICS = ['e2e', 'ttft', 'tpot'] as const satisfies readonly Timed[];

/** All that the rows say of a metric, in their order. */
const gather = (rows: readonly RequestRow[], metric: Timed) => Float64Array.from(rows.flatMap(r => VALUES[metric](r) ?? []));

/** End-to-end latency of finished requests alone; undefined for none. */
export const endToEnd = (rows: readonly RequestRow[]): Latency | undefined => latencyOf('e2e', gather(finished(rows), 'e2e'));

/** Latencies of finished requests: end to end, time to first token, time per output token after the first, and between tokens. */
export function latencies(rows: readonly RequestRow[]): Latency[] {
  const done = finished(rows);
  return [...METRICS.map(metric => latencyOf(metric, gather(done, metric))), latencyOfGaps(done.flatMap(r => r.itl_ms ?? []))].filter(
    l => l !== undefined,
  );
}

/** Fewer values than this give no interval worth its name. */
const FEWEST_FOR_INTERVAL = 20;

/**
 * The same with an interval of p99 that holds when requests share incidents: whole incidents come or stay away, and one that was not seen
 * would slow all that run at once. Gaps between tokens have none: those of one request lie within one another's time, in no order.
 * @param clusterOf which rows depend on one another, as numbers from 0; found from blocks of time where it is not given
 */
export function latenciesOverTime(rows: readonly RequestRow[], clusterOf?: ArrayLike<number>): Latency[] {
  const arrived = rows
    .map((row, i) => ({ row, cluster: clusterOf === undefined ? undefined : valueAt(clusterOf, i) }))
    .filter(({ row }) => finished([row]).length > 0)
    .toSorted((a, b) => a.row.arrival_ms - b.row.arrival_ms);
  return latencies(rows).map(l => {
    const { metric } = l;
    if (metric === 'itl') return l;
    const told = arrived.flatMap(({ row, cluster }) => {
      const value = VALUES[metric](row);
      return value === null ? [] : [{ value, cluster }];
    });
    if (told.length < FEWEST_FOR_INTERVAL) return l;
    const values = Float64Array.from(told, t => t.value);
    const blocks = clusterOf === undefined ? blocksOf(values) : Uint32Array.from(told, t => t.cluster ?? 0);
    const { low, high } = clusterQuantile(values, blocks, 0.99, inFlightAtOnce(arrived.map(a => a.row)));
    // The ranks of independent values hold less than what depends: the interval is never the narrower one.
    return { ...l, p99_bootstrap_ci_ms: [Math.min(low, l.p99_ci_ms[0]), high === null ? null : atLeast(high, l.p99_ci_ms[1])] };
  });
}

/** The upper end that is further out; none where either has none. */
const atLeast = (a: Ms, b: Ms | null) => (b === null ? null : Math.max(a, b));

/** Requests in flight at once on average, of rows in order of arrival (Little's law). */
function inFlightAtOnce(rows: readonly RequestRow[]): number {
  const first = rows[0]?.arrival_ms ?? 0;
  const last = rows.reduce((t, r) => Math.max(t, r.finish_ms ?? t), first);
  const inFlight = rows.reduce((s, r) => s + ((r.finish_ms ?? r.arrival_ms) - r.arrival_ms), 0);
  return last > first ? inFlight / (last - first) : 1;
}

/** When clients received tokens in [from, to], in ms, ascending: first tokens, the gaps added up, and ends. */
export function tokenTimes(rows: readonly RequestRow[], [from, to]: readonly [Ms, Ms]): Float64Array {
  const out: Ms[] = [];
  const add = (t: Ms) => {
    // Not a number where there was no first token to count from.
    if (t >= from && t <= to) out.push(t);
  };
  for (const r of finished(rows)) {
    const end = r.finish_ms ?? Number.NaN;
    if (end < from || r.arrival_ms > to) continue;
    let at = r.first_token_ms ?? Number.NaN;
    add(at);
    for (const gap of r.itl_ms ?? []) {
      at += gap;
      add(at);
    }
    add(end);
  }
  return Float64Array.from(out).sort();
}
