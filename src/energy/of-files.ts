import { ForensicsError } from '#core/errors';
import type { NamedSeries } from './clocks.ts';
import type { EnergyFacts, EnergyRunFacts, EnergyRunsFacts } from './facts.ts';
import { type Metered, meteredIn } from './metered.ts';
import { energyOfRun, type FileOptions } from './of-run.ts';
import { overlaps } from './overlap.ts';
import { type Run, runsOf } from './run.ts';

/** The run's own account, or why there is none. */
function attempt(run: Run, metered: Metered, options: FileOptions): EnergyFacts | ForensicsError {
  try {
    return energyOfRun(run, metered, options);
  } catch (error) {
    if (error instanceof ForensicsError) return error;
    throw error;
  }
}

function rowOf(run: Run, energy: EnergyFacts | ForensicsError): EnergyRunFacts {
  const told = run.series.kind === 'summary' ? run.series.rows[0] : undefined;
  return {
    file: run.path,
    run: run.run,
    label: told?.label ?? null,
    concurrency: told?.concurrency ?? null,
    requested_rate: told?.requested_rate ?? null,
    energy,
  };
}

/**
 * Prices runs from files alone: power from GPU samples or other meters, windows and tokens from load tests. At most one run has one account;
 * of several each has its own, in the order of the files, and one that cannot be placed says why.
 * @throws ForensicsError bad-argument, clock-mismatch; of several runs only where none can be placed
 */
export function energyOfFiles(files: readonly NamedSeries[], options: FileOptions): EnergyFacts | EnergyRunsFacts {
  const runs = runsOf(files);
  const metered = meteredIn(files, runs, options.zoneHours);
  const [first, second] = runs;
  if (second === undefined) return energyOfRun(first, metered, options);
  if (options.window !== undefined)
    throw new ForensicsError(
      'bad-argument',
      `--window is one stretch of time, and there are ${runs.length} runs (${[...new Set(runs.map(r => r.path))].join(', ')})`,
      'Leave it out for an account of each run, or leave the load test out for power and energy alone.',
    );
  const accounts = runs.map(run => ({ run, energy: attempt(run, metered, options) }));
  const failures = accounts.flatMap(({ energy }) => (energy instanceof ForensicsError ? [energy] : []));
  const [failure] = failures;
  if (failure !== undefined && failures.length === runs.length)
    throw new ForensicsError(
      failure.code,
      `none of the ${runs.length} runs can be priced, the first because ${failure.message}`,
      'Give results that say when each run began and ended, on the clock of the power log; stamps without a zone may need --zone-hours.',
    );
  const rows = accounts.map(({ run, energy }) => rowOf(run, energy));
  return { runs: rows, overlap: overlaps(rows) };
}
