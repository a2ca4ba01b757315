import { percentile, quantileRanks } from '#core/math/percentiles';
import type { LoadLatency } from '#schema/load';
import { NS_PER_MS } from './monotonic.ts';
import type { Outcome } from './outcome.ts';

type Kind = Pick<LoadLatency, 'metric' | 'from'>;

/** Exact order statistics of some values in ms; undefined for none. `sure`: whether the values are independent enough for an interval. */
function figures(kind: Kind, values: Float64Array, sure = true): LoadLatency | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const sorted = values.sort();
  const [low, high] = sure ? quantileRanks(n, 0.99) : [1, null];
  return {
    ...kind,
    n,
    mean_ms: sorted.reduce((sum, v) => sum + v, 0) / n,
    p50_ms: percentile(sorted, 0.5),
    p90_ms: percentile(sorted, 0.9),
    p95_ms: percentile(sorted, 0.95),
    p99_ms: percentile(sorted, 0.99),
    p99_ci_ms: sure ? [sorted[low - 1] ?? Number.NaN, high === null ? null : (sorted[high - 1] ?? null)] : null,
    max_ms: sorted[n - 1] ?? Number.NaN,
  };
}

const values = (outcomes: readonly Outcome[], of: (o: Outcome) => number | null): Float64Array =>
  Float64Array.from(
    outcomes.flatMap(o => {
      const ns = of(o);
      return ns === null ? [] : [ns / NS_PER_MS];
    }),
  );
const since = (to: number | null, from: number | null) => (to === null || from === null ? null : to - from);

/** Time per output token after the first (vLLM's TPOT): (last − first) / (tokens − 1). */
const perToken = ({ first, last, outputTokens }: Outcome): number | null =>
  first === null || last === null || outputTokens === null || outputTokens < 2 ? null : (last - first) / (outputTokens - 1);

/**
 * Latencies of the answers that came whole, from the intended start (so that waiting in the generator counts: no coordinated omission)
 * and from the actual send. TPOT and ITL lie between tokens, wherever the request began. e2e_or_abandoned takes in what was given up.
 */
export function latencies(outcomes: readonly Outcome[]): LoadLatency[] {
  const ok = outcomes.filter(o => o.status === 'ok');
  const lasting = outcomes.filter(o => o.status !== 'failed');
  const gaps = new Float64Array(ok.reduce((n, o) => n + o.gapsUs.length, 0));
  let at = 0;
  for (const { gapsUs } of ok) for (const us of gapsUs) gaps[at++] = us / 1000;
  const rows = [
    figures(
      { metric: 'ttft', from: 'intended' },
      values(ok, o => since(o.first, o.intended)),
    ),
    figures(
      { metric: 'ttft', from: 'send' },
      values(ok, o => since(o.first, o.sent)),
    ),
    figures(
      { metric: 'e2e', from: 'intended' },
      values(ok, o => since(o.finish, o.intended)),
    ),
    figures(
      { metric: 'e2e', from: 'send' },
      values(ok, o => since(o.finish, o.sent)),
    ),
    lasting.length > ok.length
      ? figures(
          { metric: 'e2e_or_abandoned', from: 'intended' },
          values(lasting, o => since(o.finish ?? o.settled, o.intended ?? o.released)),
        )
      : undefined,
    figures({ metric: 'tpot', from: 'token' }, values(ok, perToken)),
    // The gaps of an answer, and of answers in one batch, go together.
    figures({ metric: 'itl', from: 'token' }, gaps, false),
  ];
  return rows.filter(row => row !== undefined);
}
