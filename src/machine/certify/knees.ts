import { medianOf } from '#core/math/median';
import type { Knee } from '#schema/certification';
import type { MeasurementRow } from '#schema/measurement';
import { byThing, type Figure, timesBySize } from './grouped.ts';
import { halfBytesInterval, hockneyOf } from './hockney.ts';
import { subjectOf } from './subject.ts';

const BYTES_PER_US_PER_GB_S = 1000;

/** How many times the plain rate of its bytes a figure is: the bus bandwidth of a collective counts what each link carries. */
function factorOf(figures: readonly Figure[]): number {
  const factors = figures.flatMap(({ bytes, time_us, value }) =>
    bytes !== null && bytes > 0 && time_us !== null && value > 0 ? [(value * time_us * BYTES_PER_US_PER_GB_S) / bytes] : [],
  );
  return factors.length === 0 ? 1 : medianOf(factors);
}

/**
 * Where latency ends and bandwidth begins, of each pair and collective whose sizes lie on both sides of it: a half size that no test reached would be
 * a guess.
 */
export const kneesOf = (rows: readonly MeasurementRow[]): Knee[] =>
  [...byThing(rows.filter(row => row.unit === 'GB/s' && row.bytes !== null)).values()].flatMap(figures => {
    const [first] = figures;
    const times = timesBySize(figures);
    const fit = hockneyOf(times);
    const [least, most] = [times[0]?.bytes ?? 0, times.at(-1)?.bytes ?? 0];
    if (first === undefined || fit === undefined || fit.half_bytes <= least || fit.half_bytes >= most) return [];
    const interval = halfBytesInterval(times);
    return [
      {
        ...{ what: first.what, test: first.test, subject: subjectOf(first), latency_us: fit.latency_us },
        bandwidth_gb_s: (fit.bytes_per_us / BYTES_PER_US_PER_GB_S) * factorOf(figures),
        ...{
          half_bytes: fit.half_bytes,
          half_bytes_ci: interval === undefined ? null : ([...interval] as [number, number]),
          sizes: times.length,
        },
      },
    ];
  });
