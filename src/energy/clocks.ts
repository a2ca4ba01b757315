import { ForensicsError } from '#core/errors';
import type { Ms, Seconds } from '#core/units';
import type { AnySeries } from '#schema/relation';

export interface NamedSeries {
  readonly path: string;
  readonly series: AnySeries;
}

const HOUR_NS = 3600n * 1_000_000_000n;
const QUARTERS = 4;

const isDate = ({ series }: NamedSeries) => series.clock.kind === 'epoch' || series.clock.kind === 'zoneless';

/** Whether two files' times can be laid over one another: dates both, or one host's monotonic clock. Two relative clocks begin at two moments. */
export const comparable = (a: NamedSeries, b: NamedSeries): boolean =>
  a === b || (isDate(a) && isDate(b)) || (a.series.clock.kind === 'monotonic' && b.series.clock.kind === 'monotonic');

/**
 * Seconds since the zero of the first file (`base`, ns), for the times of any that is comparable with it. Stamps without a zone count as one clock where
 * no file has another.
 * @throws ForensicsError clock-mismatch where stamps with and without a zone meet and the zone was not told
 */
export function commonClock(
  files: readonly NamedSeries[],
  zoneHours: number | undefined,
): { readonly base: bigint; readonly at: (file: NamedSeries) => (t_ms: Ms) => Seconds } {
  const mixed = files.some(f => f.series.clock.kind === 'epoch');
  const zeroOf = ({ path, series }: NamedSeries): bigint => {
    if (series.clock.kind !== 'zoneless') return series.origin_ns;
    if (mixed && zoneHours === undefined)
      throw new ForensicsError(
        'clock-mismatch',
        `the stamps of ${path} name no time zone, and those of another file do`,
        'Say with --zone-hours how far its zone lies from UTC.',
      );
    return series.origin_ns - (BigInt(Math.round((zoneHours ?? 0) * QUARTERS)) * HOUR_NS) / BigInt(QUARTERS);
  };
  const first = files[0];
  const base = first === undefined ? 0n : zeroOf(first);
  return {
    base,
    at: file => {
      const shift = Number(zeroOf(file) - base) / 1e9;
      return t_ms => t_ms / 1e3 + shift;
    },
  };
}
