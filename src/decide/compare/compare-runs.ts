import { holm } from '#core/math/holm';
import { metricsNamed } from '#decide/metrics/named';
import { CHANGE_VERDICTS, type ChangeVerdict } from '#schema/comparison';
import type { Run } from '#schema/run';
import { compareMetric, ONE_SIDED } from './compare-metric.ts';
import { budgetOf, judgedOf, USUAL_BUDGET } from './judged.ts';
import { type CompareOptions, type MetricFacts, measuredMetrics, type Unjudged } from './metric-facts.ts';

/** What a comparison of runs came to. */
export interface ComparedRuns {
  readonly verdict: ChangeVerdict;
  readonly metrics: readonly MetricFacts[];
}

/** A budget, or a metric that is to be judged, of which no run measured anything. */
const unmeasured = (name: string, budget: number): Unjudged => ({
  ...{ metric: name, setting: '', unit: '', better: null, base: null, candidate: null, runs: [0, 0], ratio: null, ratio_ci: null },
  ...{ method: null, budget, p_worse: null, p_better: null, within_budget: null, why: 'not-measured', runs_needed: null },
});

function verdictOf(metric: Unjudged): ChangeVerdict {
  const { p_worse, p_better, within_budget } = metric;
  if (p_worse === null || p_better === null) return 'not-evaluable';
  if (p_worse <= ONE_SIDED && within_budget !== true) return 'regression';
  if (p_better <= ONE_SIDED) return 'improvement';
  return within_budget === true ? 'equivalent' : 'not-evaluable';
}

/** Corrects the levels of what is judged for its number: the worse and the better each for itself. */
function corrected(judged: readonly Unjudged[]): readonly Unjudged[] {
  const tested = judged.filter(metric => metric.p_worse !== null);
  const [worse, better] = [holm(tested.map(metric => metric.p_worse ?? 1)), holm(tested.map(metric => metric.p_better ?? 1))];
  const levels = new Map(tested.map((metric, i) => [metric, { p_worse: worse[i] ?? 1, p_better: better[i] ?? 1 }]));
  return judged.map(metric => ({ ...metric, ...levels.get(metric) }));
}

const judge = (metric: Unjudged): MetricFacts => {
  const verdict = verdictOf(metric);
  return { ...metric, judged: true, verdict, why: verdict !== 'not-evaluable' ? null : (metric.why ?? 'noise') };
};

/** What is not judged shows its change and its interval, and no level. */
const aside = (metric: Unjudged): MetricFacts => ({ ...metric, judged: false, p_worse: null, p_better: null, verdict: null });

/**
 * Holds runs against runs, metric by metric, each run one value. A regression is a change for the worse that is shown (one-sided 2.5 %,
 * by Holm over all that is judged) and not shown to stay within its budget; an improvement is a change for the better that is shown;
 * what is shown to stay within its budget is equivalent; all else is not evaluable. The gravest of what is judged is the verdict.
 */
export function compareRuns(base: readonly Run[], candidate: readonly Run[], { budgets, only, isPaired }: CompareOptions): ComparedRuns {
  const all = measuredMetrics(base, candidate);
  const judged = new Set(judgedOf(all, budgets, only));
  const compare = (metric: (typeof all)[number]) => compareMetric(metric, budgetOf(metric, budgets, all)?.share ?? USUAL_BUDGET, isPaired);
  const asked = [...budgets, ...only.map(name => ({ name, share: USUAL_BUDGET }))];
  const missing = asked.filter(({ name }) => metricsNamed(name, all).length === 0).map(({ name, share }) => unmeasured(name, share));
  const metrics = [
    ...corrected([...all.filter(metric => judged.has(metric)).map(compare), ...missing]).map(judge),
    ...all.filter(metric => !judged.has(metric)).map(metric => aside(compare(metric))),
  ];
  const verdicts = metrics.flatMap(metric => (metric.judged && metric.verdict !== null ? [metric.verdict] : []));
  return { verdict: CHANGE_VERDICTS.find(verdict => verdicts.includes(verdict)) ?? 'not-evaluable', metrics };
}
