import { ForensicsError } from '#core/errors';
import type { Ns } from '#core/units';
import { byKind, type SeriesFile } from '#input/series/on-trace-clock';
import type { TimedSeries } from '#schema/relation';
import { type ClockOptions, spanOf } from './clock.ts';

/** The time that files lie in where no trace gives one. */
export interface OwnTime {
  /** Epoch ns that all times count from: the beginning of the file that gives it. */
  readonly session: bigint;
  /** That file's span, ns since then: the others must overlap it. */
  readonly window: readonly [Ns, Ns];
}

const HOUR_NS = 3_600_000_000_000n;

type TimedFile = SeriesFile & { readonly series: TimedSeries };

/** How well a file tells the time by itself, the best first: an epoch, then a local time; of those alike the load test goes first. */
function tells({ series }: TimedFile, zoneHours: number | undefined): number {
  const isEpoch = series.clock.kind === 'epoch' || (series.clock.kind === 'zoneless' && zoneHours !== undefined);
  return (isEpoch ? 2 : series.clock.kind === 'zoneless' ? 1 : 0) * 2 + (series.kind === 'requests' ? 1 : 0);
}

/**
 * Finds the time that some files lie in.
 * @throws ForensicsError clock-mismatch where none says when it was written
 */
export function ownTime(files: readonly SeriesFile[], { zoneHours }: ClockOptions): OwnTime {
  const { requests, gpu, host } = byKind(files);
  const all: readonly TimedFile[] = [requests ?? [], gpu, host].flat();
  const [best] = all.filter(f => f.series.rows.length > 0).toSorted((a, b) => tells(b, zoneHours) - tells(a, zoneHours));
  if (best === undefined || tells(best, zoneHours) < 2)
    throw new ForensicsError(
      'clock-mismatch',
      `nothing in ${all.map(f => f.path).join(', ') || 'these files'} says at what time of day it was written, so they cannot be laid beside one another`,
      'Record epoch times, or local times with --zone-hours, in one of them at least.',
    );
  const [first, last] = spanOf(best.series);
  const zone = best.series.clock.kind === 'zoneless' ? BigInt(Math.round((zoneHours ?? 0) * 4)) * (HOUR_NS / 4n) : 0n;
  const session = best.series.origin_ns + BigInt(Math.round(first * 1e6)) - zone;
  return { session, window: [0, (last - first) * 1e6] };
}
