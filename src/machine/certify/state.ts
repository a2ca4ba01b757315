import type { GpuSampleRow, GpuSeries } from '#schema/relation';
import type { StateFacts } from './facts.ts';

type Range = readonly [number, number] | null;
type Seen = Pick<StateFacts, 'temperature_c' | 'power_w' | 'reasons'> & { readonly clock: Range };

const NOTHING: Seen = { clock: null, temperature_c: null, power_w: null, reasons: 0 };

const most = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : Math.max(a, b));
const widened = (range: Range, value: number | null): Range =>
  value === null ? range : [Math.min(range?.[0] ?? value, value), Math.max(range?.[1] ?? value, value)];

const withReading = (seen: Seen, row: GpuSampleRow): Seen => ({
  clock: widened(seen.clock, row.sm_clock_mhz),
  temperature_c: most(seen.temperature_c, row.temperature_c),
  power_w: most(seen.power_w, row.power_w),
  reasons: seen.reasons | (row.event_reasons ?? 0),
});

/**
 * Clocks, temperature, power and the reasons for lowered clocks of each GPU while it was at work; over all readings where nothing tells that. There may be
 * millions of readings, so they are passed once.
 */
export function stateOf(samples: readonly GpuSeries[]): StateFacts[] {
  const gpus = new Map<number, { busy: Seen; all: Seen; worked: boolean }>();
  for (const series of samples)
    for (const row of series.rows) {
      const own = gpus.get(row.gpu) ?? { busy: NOTHING, all: NOTHING, worked: false };
      const worked = (row.utilization_pct ?? 0) > 0;
      gpus.set(row.gpu, {
        busy: worked ? withReading(own.busy, row) : own.busy,
        all: withReading(own.all, row),
        worked: own.worked || worked,
      });
    }
  return [...gpus]
    .toSorted(([a], [b]) => a - b)
    .map(([gpu, { busy, all, worked }]) => {
      const { clock, ...seen } = worked ? busy : all;
      return { gpu, sm_clock_mhz: clock === null ? null : [clock[0], clock[1]], ...seen };
    });
}
