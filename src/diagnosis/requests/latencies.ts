import { bootstrapQuantile } from '#core/math/bootstrap';
import type { Ms } from '#core/units';
import type { RequestRow } from '#schema/relation';
import type { Latency } from '#schema/report';
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

/**
 * The same with an interval of p99 that holds when requests share incidents: the stationary bootstrap over requests in the order of
 * their arrival. Gaps between tokens have none: those of one request lie within one another's time, in no order.
 */
export function latenciesOverTime(rows: readonly RequestRow[]): Latency[] {
  const arrived = finished(rows).toSorted((a, b) => a.arrival_ms - b.arrival_ms);
  return latencies(rows).map(l => {
    const found = l.metric === 'itl' ? undefined : bootstrapQuantile(gather(arrived, l.metric), 0.99);
    // No resample goes beyond the largest value: what has no upper bound by ranks has none by blocks.
    return found === undefined ? l : { ...l, p99_bootstrap_ci_ms: [found.low, l.p99_ci_ms[1] === null ? null : found.high] };
  });
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
