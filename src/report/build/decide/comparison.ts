import { change, changeRange, count, percent } from '#core/format/numbers';
import type { MetricFacts } from '#decide/compare/metric-facts';
import type { TargetFacts } from '#decide/targets/judge-targets';
import { Comparison, type NotEvaluable } from '#schema/comparison';
import { metricName } from '#schema/run';
import { targetsAnswer, wordTargets } from './targets.ts';

/** What a comparison found, before it is put into sentences. */
export type ComparisonFacts = Omit<Comparison, 'schema' | 'answer' | 'metrics' | 'targets' | 'notes'> & {
  readonly metrics: readonly MetricFacts[];
  readonly targets: readonly TargetFacts[] | null;
};

const WHY: Readonly<Record<NotEvaluable, string>> = {
  'one-run': 'fewer than two runs of a side',
  'not-measured': 'no run of a side measured it',
  'not-positive': 'a value is 0 or less, and has no ratio',
  'no-spread': 'the runs of each side came to one value, so that nothing tells their noise',
  'few-requests': 'a run has so few requests that it would be their maximum',
  noise: 'it varies too much from run to run',
};

/** Why a metric was not evaluated, with what would help. */
function whyNot({ why, ratio_ci, runs_needed }: MetricFacts): string {
  if (why === null) return '';
  if (why !== 'noise' || ratio_ci === null) return WHY[why];
  const more = runs_needed === null ? '' : `; about ${count(runs_needed, 'run')} a side would tell`;
  return `${WHY.noise}: a change of ${changeRange(ratio_ci)} fits${more}`;
}

const changeOf = ({ ratio, ratio_ci, budget }: MetricFacts): string =>
  `${change((ratio ?? 1) - 1)}${ratio_ci === null ? '' : ` (95 % interval ${changeRange(ratio_ci)})`}, with a budget of ${percent(budget)}`;

const listed = (metrics: readonly MetricFacts[]): string => {
  const [first, ...more] = metrics;
  if (first === undefined) return '';
  return `${metricName(first)} ${changeOf(first)}${more.length === 0 ? '' : `; and ${more.map(metricName).join(', ')}`}`;
};

function answerOf({ verdict, metrics }: ComparisonFacts): string {
  const judged = metrics.filter(metric => metric.judged);
  const of = judged.filter(metric => metric.verdict === verdict);
  const [first] = of;
  const better = judged.filter(metric => metric.verdict === 'improvement');
  const alsoBetter = better.length === 0 ? '' : ` Better: ${listed(better)}.`;
  switch (verdict) {
    case 'regression':
      return `Regression: ${listed(of)}.${alsoBetter}`;
    case 'improvement':
      return `Improvement: ${listed(of)}. No judged metric is worse than its budget allows.`;
    case 'equivalent':
      return `Equivalent: ${judged.length === 1 ? `${metricName(judged[0] ?? { metric: '', setting: '' })} stays within its budget` : `all ${judged.length} judged metrics stay within their budgets`}.`;
    case 'not-evaluable':
      if (first?.why === 'one-run') return `Not evaluable: one run shows no noise, and nothing tells a change from it.`;
      if (first === undefined) return 'Not evaluable: both sides measured nothing in common that is better or worse.';
      return `Not evaluable: ${metricName(first)}: ${whyNot(first)}.${of.length > 1 ? ` The same holds for ${count(of.length - 1, 'other metric')}.` : ''}${alsoBetter}`;
  }
}

/** Windows of which one is so much longer hold more of each cause: their milliseconds are compared a second. */
const ALIKE = 1.1;

function notesOf(facts: ComparisonFacts): string[] {
  const { base, candidate, pairing, metrics, within_run, causes, settings, system } = facts;
  const tested = metrics.filter(metric => metric.p_worse !== null);
  const isOne = Math.min(base.length, candidate.length) < 2;
  const sides =
    base.length === candidate.length
      ? `${count(base.length, 'run')} a side`
      : `${count(base.length, 'run')} against ${count(candidate.length, 'run')}`;
  const [cause] = causes;
  const lengths =
    cause?.base_ms_per_s == null || cause.candidate_ms_per_s == null
      ? 1
      : cause.candidate_ms / cause.candidate_ms_per_s / (cause.base_ms / cause.base_ms_per_s);
  return [
    ...(isOne
      ? [`${sides}: no verdict. Repeat both sides three to five times, in turn, and name all runs.`]
      : [`${sides}, ${pairing === 'paired' ? 'taken as pairs in their order' : 'taken as independent'}; each run is one value.`]),
    ...(tested.length > 1 ? [`Levels are corrected for ${tested.length} judged metrics (Holm).`] : []),
    ...(within_run === null
      ? []
      : [
          `Between these two runs alone: ${percent(within_run.slower_share)} of pairs of requests are slower in the candidate (50 % is no difference; Mann–Whitney, ${within_run.n[0]} against ${within_run.n[1]} requests). Another run may say otherwise.`,
        ]),
    ...(settings.length + system.length > 0 ? ['The two sides differ in more than one change may: see what else changed.'] : []),
    ...(Number.isFinite(lengths) && (lengths > ALIKE || lengths < 1 / ALIKE)
      ? ['The two sides were recorded for unlike times: compare causes by their milliseconds a second.']
      : []),
  ];
}

/** Puts a comparison into sentences. */
export function wordComparison(facts: ComparisonFacts): Comparison {
  const targets = facts.targets === null ? null : wordTargets(facts.targets);
  return Comparison.parse({
    schema: 'forensics.comparison/1',
    ...facts,
    metrics: facts.metrics.map(metric => ({ ...metric, reason: whyNot(metric) })),
    targets,
    answer: [answerOf(facts), ...(targets === null ? [] : [targetsAnswer(targets)])].join(' '),
    notes: notesOf(facts),
  } satisfies Record<keyof Comparison, unknown>);
}
