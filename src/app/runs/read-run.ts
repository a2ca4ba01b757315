import type { Report } from '#schema/report';
import type { Run, RunFigure } from '#schema/run';

/** A run as it was read: what is kept of it, and what is not. */
export interface ReadRun {
  readonly run: Run;
  /** Latencies of its requests, ms, ascending; undefined where no file tells them one by one. */
  readonly e2e?: Float64Array;
}

/** A run of which nothing is known yet. */
export const blankRun = (name: string): Run => ({
  ...{ name, inputs: [], time_ns: null, commit: null, figures: [], settings: {}, causes: null, window_s: null, kernels: null, machine: {} },
});

/** Figures of several files of one run: where two tell the same metric, the first is taken. */
export function merged(sources: readonly (readonly RunFigure[])[]): RunFigure[] {
  const all: RunFigure[] = [];
  for (const figures of sources) {
    const told = new Set(all.map(({ metric }) => metric));
    all.push(...figures.filter(({ metric }) => !told.has(metric)));
  }
  return all;
}

const NS_PER_S = 1e9;

/** When and how long a report looked. */
export const windowOf = ({ window }: Report): Pick<Run, 'time_ns' | 'window_s'> => ({
  time_ns: window.epoch_known ? window.start_ns : null,
  window_s: Number(BigInt(window.end_ns) - BigInt(window.start_ns)) / NS_PER_S,
});
