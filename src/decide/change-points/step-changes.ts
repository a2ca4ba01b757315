import { itemAt } from '#core/columns';
import { confidenceOfDifference } from '#core/math/confidence';
import { type ChangeAt, changesIn } from '#core/math/e-divisive';
import { isCarriedBy } from '#decide/metrics/carried';
import type { StepChange } from '#schema/history';
import type { Metric, Run, RunFigure } from '#schema/run';

/** How often a history without any change may be said to have one, all its metrics together. */
export const FALSE_ALARMS = 0.05;
/** The latest runs that are looked at: the work grows with the square of their number. */
export const MOST_RUNS = 250;

interface Measured {
  readonly metric: Metric;
  readonly runs: readonly Run[];
  readonly values: readonly number[];
}

/** Metrics over the runs that measured them. A percentile that is the maximum of few requests is none. */
function measuredOver(runs: readonly Run[]): readonly Measured[] {
  const all = new Map<string, { metric: Metric; runs: Run[]; values: number[] }>();
  const add = (run: Run, { metric, setting, unit, better, value }: RunFigure) => {
    const key = JSON.stringify([metric, setting]);
    const one = all.get(key) ?? { metric: { metric, setting, unit, better }, runs: [], values: [] };
    one.runs.push(run);
    one.values.push(value);
    all.set(key, one);
  };
  for (const run of runs) for (const figure of run.figures) if (isCarriedBy(figure, figure.n)) add(run, figure);
  return [...all.values()];
}

const isPositive = (values: readonly number[]): boolean => values.every(value => value > 0);
const scaled = (values: readonly number[]): readonly number[] => (isPositive(values) ? values.map(Math.log) : values);
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const momentOf = ({ name, time_ns, commit }: Run): StepChange['at'] => ({ run: name, time_ns, commit });

function stepAt({ metric, runs, values }: Measured, { index, p }: ChangeAt, from: number, to: number): StepChange {
  const isLog = isPositive(values);
  const scale = scaled(values);
  const [before, after] = [scale.slice(from, index), scale.slice(index, to)];
  const [base, level] = [meanOf(before), meanOf(after)];
  const confidence = isLog ? confidenceOfDifference(before, after) : undefined;
  const isWorse = metric.better === 'lower' ? level > base : level < base;
  return {
    ...metric,
    ...{ after: momentOf(itemAt(runs, index - 1)), at: momentOf(itemAt(runs, index)), index },
    base: isLog ? Math.exp(base) : base,
    level: isLog ? Math.exp(level) : level,
    ratio: isLog ? Math.exp(level - base) : null,
    ratio_ci: confidence === undefined ? null : [Math.exp(confidence.bound(0.025)), Math.exp(confidence.bound(0.975))],
    runs: [before.length, after.length],
    p,
    direction: metric.better === null ? 'changed' : isWorse ? 'worse' : 'better',
  };
}

/**
 * Step changes of each metric over a history of runs, the latest first: E-divisive on the logarithms, its levels by Bonferroni over the
 * metrics that change at all, so that a history without any change is divided in 5 % of cases at most.
 * @param runs the oldest first
 */
export function stepChanges(runs: readonly Run[]): { readonly changes: readonly StepChange[]; readonly metrics: number } {
  const measured = measuredOver(runs.slice(-MOST_RUNS)).filter(({ values }) => new Set(values).size > 1);
  const changes = measured.flatMap(one => {
    const found = changesIn(scaled(one.values), FALSE_ALARMS / measured.length);
    return found.map((change, k) => stepAt(one, change, found[k - 1]?.index ?? 0, found[k + 1]?.index ?? one.values.length));
  });
  const place = new Map(runs.map((run, i) => [run.name, i]));
  const placeOf = ({ at }: StepChange) => place.get(at.run) ?? 0;
  return { changes: changes.toSorted((a, b) => placeOf(b) - placeOf(a) || a.p - b.p), metrics: measured.length };
}
