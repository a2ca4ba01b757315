/** Set in CI (.ci/run): property tests then run as often as they say, where a few runs are enough while working. */
export const THOROUGH = process.env['FORENSICS_ALL_RUNS'] === '1';

const FEW = 20;

/** How often a property test runs that is to run `all` times where everything is checked. */
export const runs = (all: number): { readonly numRuns: number } => ({ numRuns: THOROUGH ? all : Math.min(all, FEW) });
