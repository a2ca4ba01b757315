import { median } from 'd3-array';
import { realAt } from '#core/columns';
import { ForensicsError } from '#core/errors';
import { seconds } from '#core/format/numbers';
import { upperBound } from '#core/math/spans';
import type { Ms, Ns, Share } from '#core/units';
import type { ClockPair } from '#schema/clock-pair';
import type { TimedSeries } from '#schema/relation';
import type { ClockNote } from './notes.ts';

/** Where a series lies on the trace's clock. */
export interface Placement {
  /** ns to add to a row's time (ms * 1e6) to get ns since the session began. */
  readonly offset: Ns;
  /** How far off the placement may be, ms; null when nothing is known. */
  readonly uncertainty_ms: Ms | null;
  readonly notes: readonly ClockNote[];
}

/** Corrections a user may give on the command line. */
export interface ClockOptions {
  /**
   * To add to the times of the load test; where they count from an unknown moment, when its first request arrived after the
   * session began. Undefined when nothing was said.
   */
  readonly requestsOffsetMs: Ms | undefined;
  /** Offset from UTC of zone-less stamps, in hours; undefined to work it out. */
  readonly zoneHours: number | undefined;
  /** Find the offset of the load test by matching its token times to the ends of steps in the trace. */
  readonly alignAuto: boolean;
  /** Stamps of both clocks of the host, taken at one moment: they place monotonic times. */
  readonly pairs: readonly ClockPair[];
  /** What the files are laid over; a trace where nothing is said. */
  readonly over?: keyof typeof OVER;
}

/** What files are laid over, as errors call it, and whose clock that is. */
const OVER = {
  trace: { name: 'the trace', clock: "the trace's clock", begin: 'the start of the trace session' },
  'other-files': { name: 'the other files', clock: 'their clock', begin: 'the first sample' },
} as const;

const HOUR_NS = 3600 * 1e9;
/** Time zones differ by multiples of a quarter of an hour, from -12 to +14 hours. */
const ZONES = Array.from({ length: 26 * 4 + 1 }, (_, i) => -12 + i / 4);
/** Two programs on one host read the same clock; what is left is the time between an event and its stamp. */
const SAME_HOST_MS = 1;

/** First and last time of a series, ms. */
export const spanOf = (series: TimedSeries): readonly [Ns, Ns] => {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (t: Ms) => {
    first = Math.min(first, t);
    last = Math.max(last, t);
  };
  if (series.kind === 'requests')
    for (const r of series.rows) {
      take(r.arrival_ms);
      if (r.finish_ms !== null) take(r.finish_ms);
    }
  else for (const r of series.rows) take(r.t_ms);
  return [first, last];
};

/**
 * Puts a series on the trace's clock.
 * @param session epoch ns at which the trace's session began
 * @param window the trace's window, since the session began
 * @throws ForensicsError clock-mismatch when the series cannot overlap the trace
 */
export function place(series: TimedSeries, file: string, session: bigint, window: readonly [Ns, Ns], options: ClockOptions): Placement {
  if (series.clock.kind === 'monotonic' && options.pairs.length > 0) return byPairs(series, file, session, window, options);
  const unplaced = series.clock.kind === 'relative' || series.clock.kind === 'monotonic';
  if (unplaced && series.kind === 'requests' && options.requestsOffsetMs !== undefined) {
    const offset = options.requestsOffsetMs * 1e6;
    const [first, last] = spanOf(series);
    if (first * 1e6 + offset >= window[1] || last * 1e6 + offset <= window[0])
      throw mismatch(file, [first, last], offset, window, options.over);
    return { offset, uncertainty_ms: null, notes: [{ kind: 'told', file, offset_ms: options.requestsOffsetMs }] };
  }
  if (unplaced || series.clock.kind === 'none') throw noAnchor(series, file, options.over);
  const extra = series.kind === 'requests' ? (options.requestsOffsetMs ?? 0) * 1e6 : 0;
  const plain = Number(series.origin_ns - session) + extra;
  const span = spanOf(series);
  const overlaps = (offset: Ns) => span[0] * 1e6 + offset < window[1] && span[1] * 1e6 + offset > window[0];
  if (series.clock.kind === 'epoch') {
    if (!overlaps(plain)) throw mismatch(file, span, plain, window, options.over);
    return { offset: plain, uncertainty_ms: SAME_HOST_MS + series.clock.uncertainty_ms, notes: [] };
  }
  const zones = options.zoneHours === undefined ? [0, ...ZONES.filter(z => z !== 0)] : [options.zoneHours];
  const fitting = zones.filter(z => overlaps(plain - z * HOUR_NS));
  const zone = fitting[0];
  if (zone === undefined) throw mismatch(file, span, plain, window, options.over);
  const chosen = options.zoneHours !== undefined ? 'as-given' : zone === 0 ? 'utc-fits' : 'first-that-fits';
  return {
    offset: plain - zone * HOUR_NS,
    uncertainty_ms: SAME_HOST_MS + series.clock.uncertainty_ms,
    notes: [{ kind: 'zone', file, hours: zone, chosen, others: fitting.length - 1 }],
  };
}

function noAnchor(series: TimedSeries, file: string, over: keyof typeof OVER = 'trace'): ForensicsError {
  const { name, begin } = OVER[over];
  const what =
    series.clock.kind === 'monotonic'
      ? `the times in ${file} are of the monotonic clock of its host, and nothing ties that to ${name}`
      : `the times in ${file} count from an unknown moment, so they cannot be placed on the clock of ${name}`;
  const hint =
    series.kind === 'requests'
      ? `Record epoch times; or give --clock-pair EPOCH=MONOTONIC, ${over === 'trace' ? '--align auto (which matches the times of tokens), ' : ''}or --requests-offset-ms (added to its times, which then count from ${begin}).`
      : 'Record epoch times, or local times with --zone-hours.';
  return new ForensicsError('clock-mismatch', what, hint);
}

/** Places monotonic times by pairs of stamps from the same boot of the same host. How far two pairs disagree is the drift. */
function byPairs(series: TimedSeries, file: string, session: bigint, window: readonly [Ns, Ns], options: ClockOptions): Placement {
  const ahead = options.pairs.map(p => BigInt(p.epoch_ns) - BigInt(p.monotonic_ns));
  const first = ahead[0] ?? 0n;
  const drift_ms = Math.max(...ahead.map(a => Math.abs(Number(a - first)))) / 1e6;
  const own_ms = Math.max(...options.pairs.map(p => p.uncertainty_ns)) / 1e6;
  const offset = Number(series.origin_ns + first - session) + (options.requestsOffsetMs ?? 0) * 1e6;
  const span = spanOf(series);
  if (span[0] * 1e6 + offset >= window[1] || span[1] * 1e6 + offset <= window[0]) throw mismatch(file, span, offset, window, options.over);
  const recorded = series.clock.kind === 'monotonic' ? series.clock.uncertainty_ms : 0;
  return {
    offset,
    uncertainty_ms: SAME_HOST_MS + recorded + own_ms + drift_ms,
    notes: [{ kind: 'pairs', file, pairs: options.pairs.length, drift_ms }],
  };
}

function mismatch(
  file: string,
  span: readonly [Ns, Ns],
  offset: Ns,
  window: readonly [Ns, Ns],
  over: keyof typeof OVER = 'trace',
): ForensicsError {
  const { name, clock } = OVER[over];
  const s = (ns: Ns) => seconds(ns / 1e6);
  return new ForensicsError(
    'clock-mismatch',
    `nothing in ${file} overlaps ${name}: it runs from ${s(span[0] * 1e6 + offset)} to ${s(span[1] * 1e6 + offset)} of ${clock}, ${name} from ${s(window[0])} to ${s(window[1])}`,
    'Check that both come from the same run; if the clocks differ, give --requests-offset-ms or --zone-hours.',
  );
}

/** Fewer readings, on either side, show nothing. */
const FEWEST_READINGS = 5;

const mid = (values: readonly number[]) => median(values) ?? Number.NaN;

/**
 * Checks an assumed zone against the data: power (or utilisation) must be higher while kernels run than while none do.
 * @param busy share of [from, to) in which the GPU was busy
 * @returns W (or %) while kernels run and while none do; undefined where the GPU was not both for long enough
 */
export function checkPower(
  rows: Iterable<{ readonly t: Ns; readonly value: number | null }>,
  busy: (from: Ns, to: Ns) => Share,
  window: readonly [Ns, Ns],
): { readonly busy_w: number; readonly idle_w: number } | undefined {
  const inside: number[] = [];
  const outside: number[] = [];
  let since: Ns | undefined;
  for (const row of rows) {
    const from = since;
    since = row.t;
    if (row.value === null || from === undefined || row.t <= from) continue;
    if (row.t < window[0] || from > window[1]) continue;
    const share = busy(from, row.t) / (row.t - from);
    if (share > 0.5) inside.push(row.value);
    else if (share < 0.1) outside.push(row.value);
  }
  return inside.length < FEWEST_READINGS || outside.length < FEWEST_READINGS ? undefined : { busy_w: mid(inside), idle_w: mid(outside) };
}

/**
 * Checks the load test's clock against the trace: a request ends when a result has come back, so the time from the last result before
 * each end should be short and steady.
 * @param stepEnds in ascending order
 * @returns median and spread; undefined when there are too few
 */
export function checkEnds(ends: readonly Ns[], stepEnds: Float64Array): { readonly median_ms: Ms; readonly spread_ms: Ms } | undefined {
  const lags: number[] = [];
  for (const end of ends) {
    const passed = upperBound(stepEnds, end);
    if (passed > 0 && passed < stepEnds.length) lags.push((end - realAt(stepEnds, passed - 1)) / 1e6);
  }
  if (lags.length < 10) return undefined;
  const m = mid(lags);
  return { median_ms: m, spread_ms: mid(lags.map(l => Math.abs(l - m))) };
}
