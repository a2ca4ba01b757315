import { type ConfidenceDistribution, confidenceOfDifference, confidenceOfMean, valuesNeeded, varianceOf } from '#core/math/confidence';
import type { NotEvaluable } from '#schema/comparison';
import type { RunFigure } from '#schema/run';
import { isCarried } from './judged.ts';
import type { MeasuredMetric, Unjudged } from './metric-facts.ts';

/** One end of a 95 % interval; an error in either direction is as rare as in a two-sided test at 5 % (ICH E9, 5.5). */
export const ONE_SIDED = 0.025;

const valuesOf = (side: readonly (RunFigure | undefined)[]): readonly number[] => side.flatMap(figure => figure?.value ?? []);

/** What stands for a side: the geometric mean, of which ratios are. */
function centre(values: readonly number[]): number | null {
  if (values.length < 2) return values[0] ?? null;
  const isPositive = values.every(value => value > 0);
  const mean = values.reduce((sum, value) => sum + (isPositive ? Math.log(value) : value), 0) / values.length;
  return isPositive ? Math.exp(mean) : mean;
}

/** Logarithms of what is compared. Pairs are those that both runs of a pair measured. */
interface Logs {
  readonly base: readonly number[];
  readonly candidate: readonly number[];
  /** Candidate less base, of each pair. */
  readonly differences: readonly number[];
}

function logsOf({ base, candidate }: MeasuredMetric): Logs {
  const logs = (values: readonly number[]) => values.map(Math.log);
  const differences = base.flatMap((figure, i) => {
    const other = candidate[i];
    return figure === undefined || other === undefined ? [] : [Math.log(other.value / figure.value)];
  });
  return { base: logs(valuesOf(base)), candidate: logs(valuesOf(candidate)), differences };
}

function reasonAgainst(metric: MeasuredMetric, runs: readonly [number, number], isPaired: boolean, logs: Logs): NotEvaluable | undefined {
  const values = [...valuesOf(metric.base), ...valuesOf(metric.candidate)];
  if (Math.min(...runs) === 0) return 'not-measured';
  if (!values.every(value => value > 0 && Number.isFinite(value))) return 'not-positive';
  if (Math.min(...runs) < 2 || (isPaired && logs.differences.length < 2)) return 'one-run';
  return isCarried(metric) ? undefined : 'few-requests';
}

/** How many runs a side an interval needs that fits into the budget. */
function needed({ differences, base, candidate }: Logs, isPaired: boolean, budget: number): number | null {
  const reach = Math.log1p(budget);
  const variance = isPaired ? varianceOf(differences) : varianceOf(base) + varianceOf(candidate);
  return Number.isFinite(variance) && reach > 0 ? (valuesNeeded(variance, reach, isPaired ? 1 : 2) ?? null) : null;
}

/** One-sided tests of a metric in the direction that is worse. */
function testsOf(confidence: ConfidenceDistribution, better: 'lower' | 'higher', budget: number) {
  const [atMost, atLeast] = [confidence.pAtMost(0), confidence.pAtLeast(0)];
  const margin = better === 'lower' ? Math.log1p(budget) : Math.log1p(-budget);
  return {
    p_worse: better === 'lower' ? atMost : atLeast,
    p_better: better === 'lower' ? atLeast : atMost,
    within_budget: (better === 'lower' ? confidence.pAtLeast(margin) : confidence.pAtMost(margin)) <= ONE_SIDED,
  };
}

/** Whether every run came to one value, as a share of answers that is 1 throughout, or each to that of its pair. */
const isUnchanged = (runs: readonly [number, number], values: readonly number[], differences: readonly number[]): boolean =>
  Math.min(...runs) > 1 && (new Set(values).size === 1 || (differences.length > 1 && differences.every(d => d === 0)));

/** Where nothing changed at all. */
const UNCHANGED = {
  ...{ ratio: 1, method: null, p_worse: 1, p_better: 1, within_budget: true, why: null, runs_needed: null },
  ratio_ci: [1, 1] as [number, number],
};

/** Holds the runs of two sides against each other in one metric. @param budget how much worse is tolerated, as a share below 1 */
export function compareMetric(metric: MeasuredMetric, budget: number, isPaired: boolean): Unjudged {
  const { metric: name, setting, unit, better } = metric;
  const [before, after] = [valuesOf(metric.base), valuesOf(metric.candidate)];
  const runs: [number, number] = [before.length, after.length];
  const [base, candidate] = [centre(before), centre(after)];
  const ratio = base === null || candidate === null || base <= 0 || candidate <= 0 ? null : candidate / base;
  const logs = logsOf(metric);
  const against = reasonAgainst(metric, runs, isPaired, logs);
  const confidence =
    against !== undefined ? undefined : isPaired ? confidenceOfMean(logs.differences) : confidenceOfDifference(logs.base, logs.candidate);
  const known = { metric: name, setting, unit, better, base, candidate, runs, budget };
  if ((against === undefined || against === 'not-positive') && isUnchanged(runs, [...before, ...after], isPaired ? logs.differences : []))
    return { ...known, ...UNCHANGED };
  if (confidence === undefined)
    return {
      ...known,
      ...{ ratio, ratio_ci: null, method: null, p_worse: null, p_better: null, within_budget: null, runs_needed: null },
      why: against ?? 'no-spread',
    };
  const [low, high] = [Math.exp(confidence.bound(ONE_SIDED)), Math.exp(confidence.bound(1 - ONE_SIDED))];
  return {
    ...known,
    ratio: Math.exp(confidence.estimate),
    ratio_ci: [low, Number.isFinite(high) ? high : null],
    method: confidence.method,
    ...(better === null ? { p_worse: null, p_better: null, within_budget: null } : testsOf(confidence, better, budget)),
    why: null,
    runs_needed: needed(logs, isPaired, budget),
  };
}
