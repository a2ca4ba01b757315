import { extent, filter } from 'd3-array';
import { realAt, valueAt } from '#core/columns';
import { benjaminiHochberg } from '#core/math/benjamini-hochberg';
import { laggedCorrelation } from '#core/math/correlation';
import { enrichment } from '#core/math/enrichment';
import { cellsFor, onGrid, type Readings, trueRefresh } from '#core/math/grid';
import { coverage, intersect, measure, type Spans, spansOf } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { GpuSampleRow, HostSampleRow } from '#schema/relation';
import { ratesOf } from './rates.ts';

type Timed<Row> = Row & { readonly t: Ns };

type State = 'power_w' | 'sm_clock_mhz' | 'mem_clock_mhz' | 'temperature_c' | 'utilization_pct' | 'memory_used_mib';

/** What moves slowly: a state of the machine at a time. */
const GPU_STATES: readonly (readonly [State, string])[] = [
  ['sm_clock_mhz', 'SM clock'],
  ['mem_clock_mhz', 'memory clock'],
  ['power_w', 'GPU power'],
  ['temperature_c', 'GPU temperature'],
  ['utilization_pct', 'GPU utilisation'],
  ['memory_used_mib', 'GPU memory in use'],
];
/** Those that tell how much a GPU has to do. */
export const GPU_LOAD: ReadonlySet<string> = new Set(['GPU power', 'GPU utilisation']);
/** What comes in bursts: events counted by the kernel. */
const HOST_COUNTERS: readonly (readonly [keyof HostSampleRow, string])[] = [
  ['context_switches', 'context switches'],
  ['cpu_iowait_ticks', 'processor time waiting for disks'],
  ['disk_read_sectors', 'disk reads'],
  ['disk_write_sectors', 'disk writes'],
  ['major_faults', 'major page faults'],
  ['swap_in_pages', 'pages swapped in'],
  ['swap_out_pages', 'pages swapped out'],
  ['psi_io_some_us', 'pressure on disks (PSI)'],
  ['psi_mem_some_us', 'pressure on memory (PSI)'],
  ['psi_cpu_some_us', 'pressure on processors (PSI)'],
];

/** The share of false associations among those told, on average. */
export const FALSE_ONES: Share = 0.05;
/** Fewer cells than this cannot show a correlation that lasts. */
const FEWEST_CELLS = 32;
/** p as fine as a correction for twenty series needs: 1/500 is below 0.05/20. */
const SURROGATES = 499;
/** Power and utilisation are means over up to a second, so they may follow by that much. */
const LONGEST_LAG_NS: Ns = 1e9;

/** A state with its name, as a disk's. */
export interface NamedReadings {
  readonly name: string;
  readonly t: readonly Ns[];
  readonly value: readonly number[];
}

/** How a series moved with the incidents. */
export type Movement =
  /** A state went along with them: r of Pearson, and by how much it came after (below 0: before). */
  | { readonly kind: 'state'; readonly r: number; readonly lag: Ns }
  /** A counter ran beyond its usual rate in them. */
  | { readonly kind: 'counter'; readonly oddsRatio: number; readonly interval: readonly [number, number] };

/** A series that was tested. */
interface Tested {
  readonly name: string;
  readonly p: number;
  readonly movement: Movement;
}

/** A series that moved with the incidents. */
export interface Association extends Tested {
  /** p corrected for all that was tested (Benjamini-Hochberg). */
  readonly adjusted: number;
}

/** What was tested, and what moved with the incidents, the surest first. */
export interface Associations {
  readonly tested: number;
  readonly found: readonly Association[];
}

/** How far a state went along with the time that incidents took. */
function correlated(name: string, readings: Readings, windows: Spans, [from, to]: readonly [Ns, Ns]): Tested[] {
  const refresh = trueRefresh(readings);
  if (refresh === undefined) return [];
  const cells = cellsFor(to - from, refresh);
  if (cells < FEWEST_CELLS) return [];
  const width = (to - from) / cells;
  const inside = coverage(windows);
  const share = Float64Array.from({ length: cells }, (_, k) => inside(from + k * width, from + (k + 1) * width) / width);
  const found = laggedCorrelation(share, onGrid(readings, [from, to], cells), {
    maxLag: Math.floor(LONGEST_LAG_NS / width),
    surrogates: SURROGATES,
  });
  if (found === undefined) return [];
  return [{ name, p: found.p, movement: { kind: 'state', r: found.r, lag: found.lag * width } }];
}

/** How far the stretches in which a counter ran beyond its usual rate lie in incidents. */
function enriched(name: string, t: readonly Ns[], counter: readonly (number | null)[], windows: Spans, range: readonly [Ns, Ns]): Tested[] {
  const rates = ratesOf(t, counter);
  if (rates === undefined) return [];
  const bursts = spansOf(
    [...rates.perSecond.entries()].flatMap(([i, rate]) =>
      rate > rates.limitPerSecond ? [[realAt(rates.since, i), realAt(rates.t, i)] as const] : [],
    ),
  );
  const found = enrichment(bursts, windows, range);
  if (found === undefined) return [];
  return [{ name, p: found.p, movement: { kind: 'counter', oddsRatio: found.odds_ratio, interval: found.odds_ratio_ci } }];
}

/**
 * Which telemetry moved with the incidents: states by lagged correlation, counters by enrichment, all tested together. An association is a
 * place to look, never a cause: idle GPUs draw less power whatever made them idle.
 * @param gpu rows of the GPU in question and `host` rows, `t` in ns since the session began, ascending
 * @param more states of something else, on the same clock
 * @returns undefined without incidents or telemetry
 */
export function associations(
  incidents: Spans,
  gpu: Iterable<Timed<GpuSampleRow>>,
  host: readonly Timed<HostSampleRow>[],
  window: readonly [Ns, Ns],
  more: readonly NamedReadings[] = [],
): Associations | undefined {
  const range = observed([extent(gpu, r => r.t), extent(host, r => r.t)], window);
  const covered = range === undefined ? 0 : measure(intersect(incidents, spansOf([range])));
  if (range === undefined || covered <= 0 || covered >= range[1] - range[0]) return undefined;
  const inRange = filter(gpu, r => r.t >= range[0] && r.t <= range[1]);
  const states = GPU_STATES.flatMap(([key, name]) => {
    const rows = inRange.filter(r => r[key] !== null);
    return correlated(name, { t: rows.map(r => r.t), value: rows.map(r => r[key] ?? Number.NaN) }, incidents, range);
  });
  const others = more.flatMap(({ name, t, value }) => {
    const inside = t.map((_, i) => i).filter(i => valueAt(t, i) >= range[0] && valueAt(t, i) <= range[1]);
    return correlated(name, { t: inside.map(i => valueAt(t, i)), value: inside.map(i => valueAt(value, i)) }, incidents, range);
  });
  const t = host.map(h => h.t);
  const counters = HOST_COUNTERS.flatMap(([key, name]) =>
    enriched(
      name,
      t,
      host.map(h => h[key]),
      incidents,
      range,
    ),
  );
  const tested = [...states, ...others, ...counters];
  if (tested.length === 0) return undefined;
  const corrected = benjaminiHochberg(
    tested.map(a => a.p),
    FALSE_ONES,
  );
  const kept = tested.flatMap((a, i) => (corrected.rejected[i] ? [{ ...a, adjusted: corrected.adjusted[i] ?? 1 }] : []));
  return { tested: corrected.hypotheses, found: kept.toSorted((a, b) => a.adjusted - b.adjusted) };
}

/** The part of the window that all the telemetry there is has seen, from the first and last time of each series. */
function observed(
  series: readonly (readonly [number, number] | readonly [undefined, undefined])[],
  [from, to]: readonly [Ns, Ns],
): readonly [Ns, Ns] | undefined {
  const seen = series.filter(([first, last]) => first !== undefined && last > first);
  const start = Math.max(from, ...seen.map(([first]) => first ?? from));
  const end = Math.min(to, ...seen.map(([, last]) => last ?? to));
  return seen.length > 0 && end > start ? [start, end] : undefined;
}
