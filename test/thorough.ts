/** Set in CI (.ci/run): property tests then run as often as they say, where a few runs are enough while working. */
export const THOROUGH = process.env['FORENSICS_ALL_RUNS'] === '1';

/** How often a property test runs: `all` times where everything is checked, else `few`. */
export const runs = (all: number, few = 10): { readonly numRuns: number } => ({ numRuns: THOROUGH ? all : Math.min(all, few) });
