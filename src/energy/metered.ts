import { ForensicsError } from '#core/errors';
import type { Ms, Seconds } from '#core/units';
import { commonClock, comparable, type NamedSeries } from './clocks.ts';
import type { Window } from './integrate.ts';
import { mergeSources } from './merge-sources.ts';
import type { Run } from './run.ts';
import { gpuSources, type PowerSource, sampleSources } from './sources.ts';

type At = (t_ms: Ms) => Seconds;

/** All power of some files, on one clock. */
export interface Metered {
  readonly sources: readonly PowerSource[];
  /** Epoch ns (or an arbitrary zero) that its seconds count from. */
  readonly base: bigint;
  /** From the first reading to the last, s. */
  readonly span: Window;
  /** How a run's times lie on this clock; undefined where that cannot be known. */
  readonly place: (run: Run) => At | undefined;
}

export const unplaced = (path: string) =>
  new ForensicsError(
    'clock-mismatch',
    `the times of ${path} and of the power log do not count from the same moment`,
    'Say with --window which stretch of the power log it is.',
  );

const sourcesOf = ({ path, series }: NamedSeries, at: At): readonly PowerSource[] => {
  if (series.kind === 'gpu') return gpuSources({ path, series }, row => at(row.t_ms));
  return series.kind === 'samples' ? sampleSources({ path, series }, at) : [];
};

/**
 * Gathers power from GPU samples and other meters.
 * @param runs what is to be laid over it: stamps without a zone need one where any of them has one
 * @throws ForensicsError bad-argument, clock-mismatch
 */
export function meteredIn(files: readonly NamedSeries[], runs: readonly Run[], zoneHours: number | undefined): Metered {
  const logs = files.filter(f => (f.series.kind === 'gpu' || f.series.kind === 'samples') && f.series.clock.kind !== 'none');
  const [first] = logs;
  for (const f of logs) if (first !== undefined && !comparable(first, f)) throw unplaced(f.path);
  const placed = new Set<NamedSeries>(runs.filter(run => first !== undefined && comparable(first, run)));
  const { base, at } = commonClock([...logs, ...placed], zoneHours);
  const sources = mergeSources(
    logs.flatMap(f => sourcesOf(f, at(f))),
    'unknown',
  );
  if (sources.length === 0)
    throw new ForensicsError(
      'bad-argument',
      `none of the files holds power over time${files.length === 0 ? '' : ` (${files.map(f => `${f.path}: ${f.series.kind}`).join(', ')})`}`,
      'Give GPU samples with power.draw, or the log of a power meter.',
    );
  const times = sources.flatMap(s => [s.power.at(0), s.power.at(-1)]).flatMap(reading => (reading === undefined ? [] : [reading.t]));
  return {
    sources,
    base,
    span: [Math.min(...times), Math.max(...times)],
    place: run => (placed.has(run) ? at(run) : undefined),
  };
}
