/** A figure at the same settings in each of several runs. */
export interface Curves {
  /** Ascending, above 0: concurrency, requests a second, batch size. */
  readonly settings: readonly number[];
  /** Of each run a value at each setting, in any unit. */
  readonly runs: readonly (readonly number[])[];
}

/** The mean over the runs, setting by setting. */
export const meanCurve = ({ settings, runs }: Curves): readonly number[] =>
  settings.map((_, i) => runs.reduce((sum, run) => sum + (run[i] ?? Number.NaN), 0) / runs.length);
