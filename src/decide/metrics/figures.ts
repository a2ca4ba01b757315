import type { RunFigure } from '#schema/run';

/** Of one latency: which share of the requests lies below it, or that it is the mean. */
export type Statistic = number | 'mean';

/** A latency as a figure of a run. @param n requests that it rests on */
export const latencyFigure = (of: string, statistic: Statistic, ms: number, n: number | null, setting: string): RunFigure => ({
  metric: `${of} ${statistic === 'mean' ? 'mean' : `p${Math.round(statistic * 1e6) / 1e4}`}`,
  setting,
  unit: 'ms',
  better: 'lower',
  value: ms,
  n,
});

const HIGHER = ['tok/s', 'total tok/s', 'req/s', 'ok share', 'tok/J', 'training tok/s', 'flop share'] as const;
const LOWER = ['bubble', 'iteration', 'training step', 'usd/1M tok'] as const;
const NEITHER = ['prompt tok', 'output tok', 'mean power', 'requested req/s'] as const;
type Named = (typeof HIGHER)[number] | (typeof LOWER)[number] | (typeof NEITHER)[number];
const UNITS: Readonly<Record<Named, string>> = {
  ...{ 'tok/s': 'tok/s', 'total tok/s': 'tok/s', 'req/s': 'req/s', 'ok share': '', 'tok/J': 'tok/J', 'training tok/s': 'tok/s' },
  ...{ 'flop share': '', bubble: '', iteration: 'ms', 'training step': 'ms', 'usd/1M tok': '$', 'prompt tok': 'tok' },
  ...{ 'output tok': 'tok', 'mean power': 'W', 'requested req/s': 'req/s' },
};
const isOf = (names: readonly string[], name: string): boolean => names.includes(name);

/** A figure of a run whose unit and better direction are known by its name; none where the value is not known. */
export const namedFigure = (metric: Named, value: number | null, setting = '', n: number | null = null): readonly RunFigure[] =>
  value === null || !Number.isFinite(value)
    ? []
    : [{ metric, setting, unit: UNITS[metric], better: isOf(HIGHER, metric) ? 'higher' : isOf(LOWER, metric) ? 'lower' : null, value, n }];
