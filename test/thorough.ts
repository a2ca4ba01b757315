/** Set in CI (.ci/run): property tests then run as often as they say, where a few runs are enough while working. */
export const THOROUGH = process.env['FORENSICS_ALL_RUNS'] === '1';

/** How often a property test runs: `all` times where everything is checked, else `few`. */
export const runs = (all: number, few = 6): { readonly numRuns: number } => ({ numRuns: THOROUGH ? all : Math.min(all, few) });

/** Of many alike, every `nth`, where not everything is checked; the file says in one line what it leaves out. */
export function some<T>(all: readonly T[], nth: number, what: string): readonly T[] {
  if (THOROUGH) return all;
  process.stderr.write(`*** LEFT OUT without FORENSICS_ALL_RUNS=1: ${what}, but for one in ${nth}. ***\n`);
  return all.filter((_, i) => i % nth === 0);
}
