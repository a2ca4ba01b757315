import { rankOf } from '#core/math/percentiles';
import type { StorageRun } from './experiment.ts';

/** Percentiles that stand for a tail, the highest first. */
const QUANTILES = [0.99, 0.95, 0.9, 0.5] as const;

/** How a tail was taken, the same in all runs that are compared. */
export interface Tail {
  readonly of: 'ttft' | 'e2e';
  readonly q: number;
}

const countOf = (run: StorageRun, of: Tail['of']): number => (of === 'ttft' ? run.ttft_ms : run.e2e_ms).length + run.lost;

/**
 * The highest percentile that the requests of every run carry: with fewer than one request beyond it, it is their maximum. p99 needs a hundred.
 * @returns the median where even p90 is not carried
 */
export function tailOf(runs: readonly StorageRun[], of: Tail['of']): Tail {
  const fewest = Math.min(...runs.map(run => countOf(run, of)));
  return { of, q: QUANTILES.find(q => fewest * (1 - q) >= 1 - 1e-9) ?? 0.5 };
}

/**
 * The percentile of a run, ms. Requests that were lost count as slower than all that came.
 * @returns undefined where it falls among those that were lost, or there were none
 */
export function tailOfRun(run: StorageRun, { of, q }: Tail): number | undefined {
  const sorted = of === 'ttft' ? run.ttft_ms : run.e2e_ms;
  return sorted[rankOf(q, countOf(run, of)) - 1];
}

/** Runs that have such a percentile, with its logarithm. */
export function logTails(runs: readonly StorageRun[], tail: Tail): readonly { readonly run: StorageRun; readonly log: number }[] {
  return runs.flatMap(run => {
    const value = tailOfRun(run, tail);
    return value === undefined || !(value > 0) ? [] : [{ run, log: Math.log(value) }];
  });
}
