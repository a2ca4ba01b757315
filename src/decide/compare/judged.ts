import type { Metric } from '#schema/run';
import type { Budget, MeasuredMetric } from './metric-facts.ts';

/**
 * How much worse counts as no change where nobody says: 5 %, which is what scripts that compare two runs take for a regression
 * (InferenceX compare_results.py; the load-testing guide's detect_regressions.py).
 */
export const USUAL_BUDGET = 0.05;

const wordsOf = (name: string): readonly string[] =>
  name
    .toLowerCase()
    .split(/[\s_-]+/)
    .filter(word => word !== '');

/** Whether a name stands for a metric: its own name, or a word or more of it ('p99' for that of each latency). */
export function standsFor(name: string, { metric }: Pick<Metric, 'metric'>): boolean {
  const words = new Set(wordsOf(metric));
  const asked = wordsOf(name);
  return asked.length > 0 && asked.every(word => words.has(word));
}

/** The budget that says most of a metric: the one with the most words. */
export const budgetOf = (metric: Metric, budgets: readonly Budget[]): Budget | undefined =>
  budgets.filter(budget => standsFor(budget.name, metric)).toSorted((a, b) => wordsOf(b.name).length - wordsOf(a.name).length)[0];

const LATENCIES = ['e2e', 'ttft', 'tpot', 'itl'];
const LATENCY = /^(\w+) (?:p([\d.]+)|mean)$/;

/** Which latency a metric is of, and which share lies below it; undefined for other metrics. */
function latencyOf({ metric }: Pick<Metric, 'metric'>): { readonly of: string; readonly q: number } | undefined {
  const [, of, percent] = LATENCY.exec(metric) ?? [];
  return of === undefined ? undefined : { of, q: percent === undefined ? 0.5 : Number(percent) / 100 };
}

/** Whether all runs had enough requests for a percentile: with fewer than one beyond it, it is their maximum. */
export function isCarried(metric: MeasuredMetric): boolean {
  const latency = latencyOf(metric);
  const counts = [...metric.base, ...metric.candidate].flatMap(figure => figure?.n ?? []);
  return latency === undefined || counts.every(n => n * (1 - latency.q) >= 1 - 1e-9);
}

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
export const judgedOf = (all: readonly MeasuredMetric[], budgets: readonly Budget[], only: readonly string[]): readonly MeasuredMetric[] =>
  all.filter(
    metric =>
      metric.better !== null &&
      (only.length > 0
        ? only.some(name => standsFor(name, metric)) || budgetOf(metric, budgets) !== undefined
        : isUsual(metric, all) || budgetOf(metric, budgets) !== undefined),
  );
