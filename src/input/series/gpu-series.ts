import { badRecord } from '#input/text/bad-record';
import { msSince } from '#input/time/nanoseconds';
import { clockOfSamples, limitsOfTimes } from '#input/time/sample-clock';
import { median } from '#input/time/sampling';
import type { GpuSampleRow, GpuSeries, Rows } from '#schema/relation';
import { missingValues, neverGiven } from './missing.ts';
import { impossibleIn } from './possible.ts';
import { inOrder, onOneClock, type Sampled, type SampledParts } from './sampled.ts';

export interface GpuSample extends Sampled {
  /** Its `t_ms` is not yet set. */
  readonly row: GpuSampleRow;
}

const FIELDS = [
  'power_w',
  'power_limit_w',
  'sm_clock_mhz',
  'mem_clock_mhz',
  'temperature_c',
  'utilization_pct',
  'memory_used_mib',
  'event_reasons',
] as const satisfies readonly (keyof GpuSampleRow)[];

const IMPOSSIBLE_HINT = 'Mend or delete this line; where all are so, the file is in another unit than its tool writes.';

/**
 * Puts samples of GPUs in order of time, and says what they cannot support.
 * @throws ForensicsError 'bad-record' for no sample at all, and for a value that no GPU can show
 */
export const gpuSeries = (
  samples: readonly GpuSample[],
  { format, source, when, limits, counter, cards }: SampledParts & Pick<GpuSeries, 'cards'>,
): GpuSeries => {
  for (const { line, row } of samples) {
    const quantity = impossibleIn(row);
    if (quantity !== undefined) throw badRecord({ source, line, field: quantity }, `no GPU shows ${row[quantity]}`, IMPOSSIBLE_HINT);
  }
  const moved = onOneClock(samples, s => s.row.gpu, when, counter);
  const ordered = inOrder(moved.samples, counter);
  const origin = ordered[0]?.ns;
  if (origin === undefined) throw badRecord({ source }, 'the file holds no complete sample', 'Let the recording run for longer.');
  const rows = ordered.map(({ ns, row }) => ({ ...row, t_ms: msSince(origin, ns) })).sort((a, b) => a.t_ms - b.t_ms || a.gpu - b.gpu);
  const interval = intervalOf(rows);
  const never = neverGiven(rows, FIELDS);
  return {
    kind: 'gpu',
    format,
    clock: clockOfSamples(when, interval),
    origin_ns: origin,
    rows,
    cards,
    ranBack_ms: moved.ranBack_ms,
    limits: [
      ...limitsOfTimes(when, interval),
      ...(never.length === 0 ? [] : [`Not recorded, or not given by this GPU: ${never.join(', ')}.`]),
      ...limits,
    ],
    warnings: [...counter.sentences(), ...missingValues(rows, FIELDS)],
  };
};

/** The median time between two samples of one GPU in ms; undefined if no GPU has two. Rows must be sorted by time. */
export const intervalOf = (rows: Rows<GpuSampleRow>): number | undefined => {
  const last = new Map<number, number>();
  const steps = new Float64Array(rows.length);
  let n = 0;
  for (const { gpu, t_ms } of rows) {
    const before = last.get(gpu);
    if (before !== undefined && t_ms > before) steps[n++] = t_ms - before;
    last.set(gpu, t_ms);
  }
  return median(steps.subarray(0, n));
};
