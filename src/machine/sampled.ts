import { getOrCompute } from '#core/get-or-compute';
import type { FactRow, GpuSampleRow } from '#schema/relation';
import type { GpuActivity } from './server-activity.ts';

/**
 * NVML's clocks event reasons that samples say nothing wrong by: idle, and the power limit, which is reached at full load. The cause clock-throttle weighs that
 * one by the time that kernels lost.
 */
const NO_FAULT = 0x1 | 0x4;

/** What samples say of GPUs. */
export interface Sampled {
  /** Their models, and all reasons for lowered clocks over the time. */
  readonly facts: readonly FactRow[];
  /** What they held and did. */
  readonly activity: readonly GpuActivity[];
}

/** Of one GPU; there may be millions of readings, so they are counted and not kept. */
interface Tally {
  name: string | undefined;
  reasons: number | undefined;
  readings: number;
  busy: { sum: number; n: number };
  /** Readings of each amount, MiB. */
  readonly memory: Map<number, number>;
}

const emptyTally = (): Tally => ({ name: undefined, reasons: undefined, readings: 0, busy: { sum: 0, n: 0 }, memory: new Map() });

function count(tally: Tally, row: GpuSampleRow): void {
  tally.readings++;
  tally.name ??= row.name ?? undefined;
  if (row.event_reasons !== null) tally.reasons = (tally.reasons ?? 0) | row.event_reasons;
  if (row.utilization_pct !== null) {
    tally.busy.sum += row.utilization_pct;
    tally.busy.n++;
  }
  if (row.memory_used_mib !== null) tally.memory.set(row.memory_used_mib, (tally.memory.get(row.memory_used_mib) ?? 0) + 1);
}

/** The lower median of values that were counted. */
function medianOfCounts(counts: ReadonlyMap<number, number>): number | undefined {
  const sorted = [...counts].toSorted(([a], [b]) => a - b);
  const half = sorted.reduce((n, [, times]) => n + times, 0) / 2;
  let before = 0;
  for (const [value, times] of sorted) {
    before += times;
    if (before >= half) return value;
  }
  return undefined;
}

const factsOf = (entity: string, { name, reasons }: Tally): FactRow[] => [
  ...(name === undefined ? [] : [{ entity, name: 'product_name', value: name, unit: '' }]),
  ...(reasons === undefined ? [] : [{ entity, name: 'event_reasons', value: reasons & ~NO_FAULT, unit: '' }]),
];

const activityOf = (gpu: number, { name, readings, busy, memory }: Tally): GpuActivity => ({
  ...{ gpu, name, readings, memoryUsedMib: medianOfCounts(memory), memoryTotalMib: undefined },
  utilizationPct: busy.n === 0 ? undefined : busy.sum / busy.n,
});

/** Sums up samples of GPUs, in one walk over them. */
export function sampled(rows: Iterable<GpuSampleRow>): Sampled {
  const tallies = new Map<number, Tally>();
  for (const row of rows) count(getOrCompute(tallies, row.gpu, emptyTally), row);
  const sorted = [...tallies].toSorted(([a], [b]) => a - b);
  return {
    facts: sorted.flatMap(([gpu, tally]) => factsOf(`GPU ${gpu}`, tally)),
    activity: sorted.map(([gpu, tally]) => activityOf(gpu, tally)),
  };
}
