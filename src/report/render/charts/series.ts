import { paint } from './palette.ts';

/** Colours of lines that stand for no cause: GPUs, disk directions. Reused in turn when there are more. */
export const SERIES = [1, 2, 3, 4, 5, 6, 7, 8].map(n => paint(`series-${n}`));

/** The names a chart gives its colours to, in the order in which Vega assigns them: sorted. */
export const seriesOf = (names: readonly string[]) =>
  [...new Set(names)].sort().map((name, i) => ({ name, colour: SERIES[i % SERIES.length] ?? '' }));
