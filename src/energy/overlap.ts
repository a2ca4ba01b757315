import { ForensicsError } from '#core/errors';
import type { EnergyRunFacts } from './facts.ts';

const NS_PER_S = 1e9;
/** Stamps of load tests may be rounded to a millisecond, so that one run seems to begin before the last has ended. */
const ROUNDING_NS = 2_000_000n;

function windowOf({ energy }: EnergyRunFacts): readonly [bigint, bigint][] {
  if (energy instanceof ForensicsError) return [];
  const start = BigInt(energy.window.start_ns);
  return [[start, start + BigInt(Math.round(energy.window.length_s * NS_PER_S))]];
}

/** Whether some runs went on at the same time. They share the power of the machine: a meter cannot tell whose it was. */
export function overlaps(runs: readonly EnergyRunFacts[]): boolean {
  const windows = runs.flatMap(windowOf).toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  let latest: bigint | undefined;
  for (const [start, end] of windows) {
    if (latest !== undefined && start + ROUNDING_NS < latest) return true;
    latest = latest === undefined || end > latest ? end : latest;
  }
  return false;
}
