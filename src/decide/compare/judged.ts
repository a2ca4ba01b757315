import { isCarriedBy, latencyOf } from '#decide/metrics/carried';
import { metricsNamed, wordCount } from '#decide/metrics/named';
import type { Budget, MeasuredMetric } from './metric-facts.ts';

/**
 * How much worse counts as no change where nobody says: 5 %, which is what scripts that compare two runs take for a regression
 * (InferenceX compare_results.py; the load-testing guide's detect_regressions.py).
 */
export const USUAL_BUDGET = 0.05;

/** The budget that says most of a metric: the one with the most words. */
export const budgetOf = (metric: MeasuredMetric, budgets: readonly Budget[], all: readonly MeasuredMetric[]): Budget | undefined =>
  budgets.filter(({ name }) => metricsNamed(name, all).includes(metric)).toSorted((a, b) => wordCount(b.name) - wordCount(a.name))[0];

const LATENCIES = ['e2e', 'ttft', 'tpot', 'itl'];
/** Whether all runs had enough requests for a percentile. */
export const isCarried = (metric: MeasuredMetric): boolean =>
  [...metric.base, ...metric.candidate].every(figure => figure === undefined || isCarriedBy(metric, figure.n));

const isOnBoth = ({ base, candidate }: MeasuredMetric): boolean =>
  [base, candidate].every(side => side.some(figure => figure !== undefined));

/** The highest percentile of a latency that the requests of all runs carry. */
function isHighest(metric: MeasuredMetric, all: readonly MeasuredMetric[]): boolean {
  const own = latencyOf(metric);
  if (own === undefined || !isCarried(metric)) return false;
  const rivals = all.filter(
    other => other.setting === metric.setting && latencyOf(other)?.of === own.of && isOnBoth(other) && isCarried(other),
  );
  return rivals.every(other => (latencyOf(other)?.q ?? 0) <= own.q) && !metric.metric.endsWith(' mean');
}

/** What is judged only where nothing else says the same: it would be counted twice. */
const INSTEAD_OF: Readonly<Record<string, RegExp>> = {
  itl: /^tpot /,
  'req/s': /^tok\/s$/,
  'total tok/s': /^(?:tok|req)\/s$/,
  step: /^(?:e2e|ttft|tpot|itl) |^training step$|^iteration$/,
  iteration: /^training step$/,
};
/** Cost is tokens per joule and tokens per second once more, at a price. */
const NEVER = /^usd/;

function isUsual(metric: MeasuredMetric, all: readonly MeasuredMetric[]): boolean {
  const { metric: name, setting, better } = metric;
  const latency = latencyOf(metric);
  if (better === null || NEVER.test(name) || !isOnBoth(metric)) return false;
  if (latency !== undefined && !(LATENCIES.includes(latency.of) && isHighest(metric, all))) return false;
  const instead = INSTEAD_OF[latency?.of ?? (name.startsWith('step ') ? 'step' : name)];
  return instead === undefined || !all.some(other => other.setting === setting && instead.test(other.metric) && isOnBoth(other));
}

/**
 * What counts for the verdict: what the user names alone, or what is judged as a rule and what has a budget. Few metrics, since each
 * takes power from the others.
 */
export function judgedOf(all: readonly MeasuredMetric[], budgets: readonly Budget[], only: readonly string[]): readonly MeasuredMetric[] {
  const named = new Set([...only, ...budgets.map(({ name }) => name)].flatMap(name => metricsNamed(name, all)));
  return all.filter(metric => metric.better !== null && (named.has(metric) || (only.length === 0 && isUsual(metric, all))));
}
