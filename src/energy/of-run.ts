import { ForensicsError } from '#core/errors';
import { accountFor } from './account.ts';
import type { EnergyFacts, WindowKind } from './facts.ts';
import type { Window } from './integrate.ts';
import { type Metered, unplaced } from './metered.ts';
import type { Prices } from './prices.ts';
import { lifeOf, nameOf, type Run, tokensIn } from './run.ts';
import { type Moments, resolve } from './window.ts';

export interface FileOptions {
  readonly prices: Prices;
  /** The window to price; the run's own where it is not given. */
  readonly window?: Moments | undefined;
  /** A stretch at rest. */
  readonly idle?: Moments | undefined;
  /** Numbers of the GPUs that the run worked on; all that are metered where it is not given. */
  readonly gpus?: readonly number[] | undefined;
  /** Offset from UTC of stamps that name no zone, hours. */
  readonly zoneHours?: number | undefined;
}

type At = (t_ms: number) => number;

/**
 * Prices one run, or all that was metered where there is none.
 * @throws ForensicsError bad-argument, clock-mismatch
 */
export function energyOfRun(run: Run | undefined, { sources, base, span, place }: Metered, options: FileOptions): EnergyFacts {
  const at = run === undefined ? undefined : place(run);
  const { window, kind } =
    options.window === undefined
      ? ownWindow(run, at, span)
      : { window: resolve(options.window, base, span[0]), kind: { kind: 'asked-for' } as const };
  check(window, span);
  const summary = run?.series.kind === 'summary' ? run.series.rows[0] : undefined;
  const used = options.gpus === undefined ? undefined : new Set(options.gpus);
  const metersGpus = sources.some(s => s.level === 'gpu');
  const energy = accountFor({
    sources,
    window,
    start_ns: base + BigInt(Math.round(window[0] * 1e9)),
    kind,
    tokens: run === undefined ? null : tokensIn(run, window, at),
    prices: options.prices,
    inUse: ({ gpu }) => used === undefined || gpu === undefined || used.has(gpu),
    gpus: used?.size ?? (metersGpus ? undefined : (summary?.gpus ?? undefined)),
    idle: options.idle === undefined ? undefined : resolve(options.idle, base, span[0]),
  });
  if (energy === null) throw new Error('there are sources, so there is an account');
  return energy;
}

/** The run's window on the clock of the power, or all there is where there is no run. */
function ownWindow(run: Run | undefined, at: At | undefined, span: Window): { readonly window: Window; readonly kind: WindowKind } {
  if (run === undefined) return { window: span, kind: { kind: 'all-readings' } };
  const life = lifeOf(run);
  if (life === undefined)
    throw new ForensicsError(
      'clock-mismatch',
      `${nameOf(run)} does not say when the load test began and ended`,
      'Say with --window which stretch of the power log it is.',
    );
  if (at === undefined) throw unplaced(run.path);
  return { window: [at(life[0]), at(life[1])], kind: { kind: 'load-test', file: run.path, run: run.run, of: run.of } };
}

function check(window: Window, span: Window): void {
  if (!(window[1] > window[0]))
    throw new ForensicsError(
      'bad-argument',
      'the window that --window names ends before it begins',
      'Give its start first, as in --window 10..310.',
    );
  if (window[0] >= span[1] || window[1] <= span[0])
    throw new ForensicsError(
      'clock-mismatch',
      'no power was read inside the window',
      'Check that the files are of one run; stamps without a zone may need --zone-hours.',
    );
}
