import type { EnergyRun } from '#schema/energy';

const NS_PER_S = 1e9;
/** Stamps of load tests may be rounded to a millisecond, so that one run seems to begin before the last has ended. */
const ROUNDING_NS = 2_000_000n;

function windowOf({ energy }: EnergyRun): readonly [bigint, bigint][] {
  if (energy === null) return [];
  const start = BigInt(energy.window.start_ns);
  return [[start, start + BigInt(Math.round(energy.window.length_s * NS_PER_S))]];
}

/** Runs that went on at the same time share the power of the machine: a meter cannot tell whose it was. */
export function overlapNote(runs: readonly EnergyRun[]): string[] {
  const windows = runs.flatMap(windowOf).toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  let latest: bigint | undefined;
  for (const [start, end] of windows) {
    if (latest !== undefined && start + ROUNDING_NS < latest)
      return ['Some runs went on at the same time: the energy of that time counts in each of them, and must not be added up.'];
    latest = latest === undefined || end > latest ? end : latest;
  }
  return [];
}
