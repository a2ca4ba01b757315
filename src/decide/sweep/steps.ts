import { compareMetric } from '#decide/compare/compare-metric';
import type { RunFigure } from '#schema/run';
import type { SweepStep } from '#schema/sweep';
import { measuredAt } from './figures.ts';
import type { Setting } from './settings.ts';

/** No budget: what a step buys is asked, and not what it may cost. */
const NO_BUDGET = 0;

const isPresent = (figure: RunFigure | undefined): figure is RunFigure => figure !== undefined;

/** What a metric gains from one setting to another. @returns undefined where one of them did not measure it */
export function stepBetween(from: Setting, to: Setting, metric: string): SweepStep | undefined {
  const [before, after] = [measuredAt(from, metric).filter(isPresent), measuredAt(to, metric).filter(isPresent)];
  const [first] = before;
  if (first === undefined || after.length === 0) return undefined;
  const measured = { metric, setting: '', unit: first.unit, better: first.better, base: before, candidate: after };
  const { ratio, ratio_ci, why } = compareMetric(measured, NO_BUDGET, before.length === after.length);
  if (ratio === null) return undefined;
  const factor = from.number === undefined || to.number === undefined || from.number <= 0 ? null : to.number / from.number;
  const ci: SweepStep['gain_ci'] = ratio_ci === null ? null : [ratio_ci[0] - 1, ratio_ci[1] === null ? null : ratio_ci[1] - 1];
  const holds0 = ci !== null && (ci[0] ?? -1) <= 0 && (ci[1] ?? 1) >= 0;
  return {
    ...{ from: from.value, to: to.value, factor, gain: ratio - 1, gain_ci: ci, why },
    per_doubling: factor === null || factor <= 1 ? null : ratio ** (1 / Math.log2(factor)) - 1,
    verdict: ci === null ? 'not-evaluable' : holds0 ? 'noise' : ratio > 1 ? 'gain' : 'loss',
  };
}

/** From each setting to the next; where settings are words, from the first to each other. */
export const stepsOver = (settings: readonly Setting[], metric: string): readonly SweepStep[] =>
  settings.slice(1).flatMap((to, i) => {
    const from = to.number === undefined ? settings[0] : settings[i];
    return from === undefined ? [] : (stepBetween(from, to, metric) ?? []);
  });
