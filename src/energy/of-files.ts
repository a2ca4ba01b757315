import type { Energy } from '#model/energy';
import { ForensicsError } from '#model/errors';
import { accountFor } from './account.ts';
import { commonClock, comparable, type NamedSeries } from './clocks.ts';
import type { Window } from './integrate.ts';
import type { Prices } from './prices.ts';
import { lifeOf, type Run, runOf, tokensIn } from './run.ts';
import { gpuSources, mergeSources, type PowerSource, sampleSources } from './sources.ts';
import { type Moments, resolve } from './window.ts';

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

type At = (t_ms: number) => number;

const sourcesOf = ({ series }: NamedSeries, at: At): readonly PowerSource[] =>
  series.kind === 'gpu' ? gpuSources(series.rows, at) : series.kind === 'samples' ? sampleSources(series.rows, at) : [];

const unplaced = (path: string) =>
  new ForensicsError(
    'clock-mismatch',
    `the times of ${path} and of the power log do not count from the same moment`,
    'Say with --window which stretch of the power log it is.',
  );

/**
 * Prices a run from its files alone: power from GPU samples or other meters, window and tokens from a load test.
 * @throws ForensicsError bad-argument, clock-mismatch
 */
export function energyOfFiles(files: readonly NamedSeries[], options: FileOptions): Energy {
  const run = runOf(files);
  const metered = files.filter(f => (f.series.kind === 'gpu' || f.series.kind === 'samples') && f.series.clock.kind !== 'none');
  const [first] = metered;
  for (const f of metered) if (first !== undefined && !comparable(first, f)) throw unplaced(f.path);
  const fits = run !== undefined && first !== undefined && comparable(first, run);
  const { base, at } = commonClock(fits ? [...metered, run] : metered, options.zoneHours);
  const sources = mergeSources(metered.flatMap(f => sourcesOf(f, at(f))));
  if (sources.length === 0)
    throw new ForensicsError(
      'bad-argument',
      `no file holds power over time (${files.map(f => `${f.path}: ${f.series.kind}`).join(', ')})`,
      'Give GPU samples with power.draw, or the log of a power meter.',
    );
  const times = sources.flatMap(s => [s.power[0]?.t ?? 0, s.power.at(-1)?.t ?? 0]);
  const span: Window = [Math.min(...times), Math.max(...times)];
  const placed = fits ? at(run) : undefined;
  const { window, what } =
    options.window === undefined
      ? ownWindow(run, placed, span)
      : { window: resolve(options.window, base, span[0]), what: 'the window that was asked for' };
  check(window, span);
  const summary = run?.series.kind === 'summary' ? run.series.rows[0] : undefined;
  const used = options.gpus === undefined ? undefined : new Set(options.gpus.map(g => `GPU ${g}`));
  const metersGpus = sources.some(s => s.level === 'gpu');
  const energy = accountFor({
    sources,
    window,
    start_ns: base + BigInt(Math.round(window[0] * 1e9)),
    what,
    tokens: run === undefined ? null : tokensIn(run, window, placed),
    prices: options.prices,
    inUse: entity => used === undefined || !/^GPU \d+$/.test(entity) || used.has(entity),
    gpus: used?.size ?? (metersGpus ? undefined : (summary?.gpus ?? undefined)),
    idle: options.idle === undefined ? undefined : resolve(options.idle, base, span[0]),
  });
  if (energy === null) throw new Error('there are sources, so there is an account');
  return energy;
}

/** The load test's window on the clock of the power, or all there is where there is no load test. */
function ownWindow(run: Run | undefined, at: At | undefined, span: Window): { readonly window: Window; readonly what: string } {
  if (run === undefined) return { window: span, what: 'all readings of power, whatever ran meanwhile' };
  const life = lifeOf(run);
  if (life === undefined)
    throw new ForensicsError(
      'clock-mismatch',
      `${run.path} does not say when the load test began and ended`,
      'Say with --window which stretch of the power log it is.',
    );
  if (at === undefined) throw unplaced(run.path);
  return { window: [at(life[0]), at(life[1])], what: `the load test, as timed in ${run.path}` };
}

function check(window: Window, span: Window): void {
  if (!(window[1] > window[0]))
    throw new ForensicsError('bad-argument', 'the window ends before it begins', 'Give its start first, as in --window 10..310.');
  if (window[0] >= span[1] || window[1] <= span[0])
    throw new ForensicsError(
      'clock-mismatch',
      'no power was read inside the window',
      'Check that the files are of one run; stamps without a zone may need --zone-hours.',
    );
}
