import type { Energy } from '#model/energy';
import { ForensicsError } from '#model/errors';
import type { AnySeries, RequestSeries, RunSummary, SummarySeries } from '#model/relation';
import { accountFor } from './account.ts';
import type { Window } from './integrate.ts';
import type { Prices } from './prices.ts';
import { gpuSources, mergeSources, type PowerSource, sampleSources } from './sources.ts';
import { tokensOfRequests, tokensOfSummary } from './tokens.ts';
import { type Moments, resolve } from './window.ts';

export interface NamedSeries {
  readonly path: string;
  readonly series: AnySeries;
}

export interface FileOptions {
  readonly prices: Prices;
  /** The window to price; the load test's own where it is not given. */
  readonly window?: Moments | undefined;
  /** A stretch at rest. */
  readonly idle?: Moments | undefined;
  /** Numbers of the GPUs that the run worked on; all that are metered where it is not given. */
  readonly gpus?: readonly number[] | undefined;
  /** Offset from UTC of stamps that name no zone, hours. */
  readonly zoneHours?: number | undefined;
}

const HOUR_NS = 3600n * 1_000_000_000n;
const NS = 1e9;

/** Epoch ns of the zero of a series' times; stamps without a zone count as UTC where all files have such stamps. */
function zeroOf({ path, series }: NamedSeries, zoneHours: number | undefined, mixed: boolean): bigint {
  if (series.clock.kind !== 'zoneless') return series.origin_ns;
  if (mixed && zoneHours === undefined)
    throw new ForensicsError(
      'clock-mismatch',
      `the stamps of ${path} name no time zone, and those of another file do`,
      'Say with --zone-hours how far its zone lies from UTC.',
    );
  return series.origin_ns - (BigInt(Math.round((zoneHours ?? 0) * 4)) * HOUR_NS) / 4n;
}

function sourcesOf(files: readonly NamedSeries[], at: (file: NamedSeries) => (t_ms: number) => number): readonly PowerSource[] {
  return files.flatMap(file =>
    file.series.kind === 'gpu'
      ? gpuSources(file.series.rows, at(file))
      : file.series.kind === 'samples'
        ? sampleSources(file.series.rows, at(file))
        : [],
  );
}

/** The one load test among the files, if any. */
function runOf(files: readonly NamedSeries[]): { readonly path: string; readonly series: RequestSeries | SummarySeries } | undefined {
  const runs = files.flatMap(({ path, series }) => (series.kind === 'requests' || series.kind === 'summary' ? [{ path, series }] : []));
  if (runs.length > 1)
    throw new ForensicsError(
      'bad-argument',
      `${runs.map(r => r.path).join(' and ')} are both results of a load test`,
      'Name the one to price: its window and its tokens count.',
    );
  return runs[0];
}

/** When the load test ran by its own file, on its own clock. */
function lifeOf(series: RequestSeries | SummarySeries): readonly [number, number] | undefined {
  if (series.clock.kind === 'none') return undefined;
  if (series.kind === 'summary') {
    const [{ start_ms, end_ms } = { start_ms: null, end_ms: null }] = series.rows as readonly Pick<RunSummary, 'start_ms' | 'end_ms'>[];
    return start_ms === null || end_ms === null ? undefined : [start_ms, end_ms];
  }
  const ends = series.rows.flatMap(r => r.finish_ms ?? []);
  if (ends.length === 0) return undefined;
  return [series.rows.reduce((least, r) => Math.min(least, r.arrival_ms), Number.POSITIVE_INFINITY), ends.reduce((a, b) => Math.max(a, b))];
}

/**
 * Prices a run from its files alone: power from GPU samples or other meters, window and tokens from a load test.
 * @throws ForensicsError bad-argument, clock-mismatch
 */
export function energyOfFiles(files: readonly NamedSeries[], options: FileOptions): Energy {
  const run = runOf(files);
  const timed = files.filter(f => f.series.clock.kind !== 'none' && f.series.kind !== 'facts');
  const kinds = new Set(timed.map(f => f.series.clock.kind));
  const mixed = kinds.has('zoneless') && kinds.size > 1;
  const metered = timed.filter(f => f.series.kind === 'gpu' || f.series.kind === 'samples');
  const first = metered[0];
  const base = first === undefined ? 0n : zeroOf(first, options.zoneHours, mixed);
  const at = (file: NamedSeries) => {
    const shift = Number(zeroOf(file, options.zoneHours, mixed) - base) / NS;
    return (t_ms: number) => t_ms / 1e3 + shift;
  };
  const sources = mergeSources(sourcesOf(metered, at));
  const times = sources.flatMap(s => [s.power[0]?.t ?? 0, s.power.at(-1)?.t ?? 0]);
  if (sources.length === 0)
    throw new ForensicsError(
      'bad-argument',
      `no file holds power over time (${files.map(f => `${f.path}: ${f.series.kind}`).join(', ')})`,
      'Give GPU samples with power.draw, or the log of a power meter.',
    );
  const span: Window = [Math.min(...times), Math.max(...times)];
  const { window, what } = windowFrom(options, run, at, base, span, kinds);
  const seconds = window[1] - window[0];
  const placed = run === undefined ? undefined : at(run);
  const tokens =
    run === undefined
      ? null
      : run.series.kind === 'summary'
        ? tokensOfSummary(run.series.rows[0])
        : tokensOfRequests(
            run.series.rows,
            seconds,
            r => r.finish_ms !== null && placed !== undefined && inside(placed(r.finish_ms), window),
          );
  const inUse = new Set((options.gpus ?? []).map(g => `GPU ${g}`));
  const summary = run?.series.kind === 'summary' ? run.series.rows[0] : undefined;
  const metersGpus = sources.some(s => s.level === 'gpu');
  const energy = accountFor({
    sources,
    window,
    start_ns: base + BigInt(Math.round(window[0] * NS)),
    what,
    tokens,
    prices: options.prices,
    inUse: entity => options.gpus === undefined || !/^GPU \d+$/.test(entity) || inUse.has(entity),
    gpus: options.gpus?.length ?? (metersGpus ? undefined : (summary?.gpus ?? undefined)),
    idle: options.idle === undefined ? undefined : resolve(options.idle, base, span[0]),
  });
  if (energy === null) throw new Error('there are sources, so there is an account');
  return energy;
}

const inside = (t: number, [from, to]: Window) => t >= from && t <= to;

function windowFrom(
  options: FileOptions,
  run: { readonly path: string; readonly series: RequestSeries | SummarySeries } | undefined,
  at: (file: NamedSeries) => (t_ms: number) => number,
  base: bigint,
  span: Window,
  kinds: ReadonlySet<string>,
): { readonly window: Window; readonly what: string } {
  if (options.window !== undefined)
    return { window: checked(resolve(options.window, base, span[0]), span), what: 'the window that was asked for' };
  const life = run === undefined ? undefined : lifeOf(run.series);
  if (run === undefined) return { window: span, what: 'all readings of power, whatever ran meanwhile' };
  if (life === undefined)
    throw new ForensicsError(
      'clock-mismatch',
      `${run.path} does not say when the load test began and ended`,
      'Say with --window which stretch of the power log it is.',
    );
  // Two relative clocks begin at two moments; two monotonic ones of one host at one.
  if (kinds.has('relative') || (kinds.has('monotonic') && kinds.size > 1))
    throw new ForensicsError(
      'clock-mismatch',
      `the times of ${run.path} and of the power log do not count from the same moment`,
      'Say with --window which stretch of the power log the load test is.',
    );
  const place = at(run);
  return { window: checked([place(life[0]), place(life[1])], span), what: `the load test, as timed in ${run.path}` };
}

function checked(window: Window, span: Window): Window {
  if (!(window[1] > window[0]))
    throw new ForensicsError('bad-argument', 'the window ends before it begins', 'Give its start first, as in --window 10..310.');
  if (window[0] >= span[1] || window[1] <= span[0])
    throw new ForensicsError(
      'clock-mismatch',
      'no power was read inside the window',
      'Check that the files are of one run; stamps without a zone may need --zone-hours.',
    );
  return window;
}
