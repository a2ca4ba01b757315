import { change, changeRange, ms, percent, plain, us } from '#core/format/numbers';
import { CAUSE_TEXT } from '#schema/causes';
import type { ChangeVerdict, ComparedMetric, Comparison } from '#schema/comparison';
import { metricName } from '#schema/run';
import { tableLines } from './table.ts';
import { targetTable } from './target-lines.ts';

const VERDICT: Readonly<Record<ChangeVerdict, string>> = {
  regression: 'regression',
  improvement: 'improvement',
  equivalent: 'equivalent',
  'not-evaluable': 'not evaluable',
};
/** More of each list would hide what counts; --json has all. */
const MOST_ROWS = 10;
const MOST_CHANGES = 30;
const NONE = '–';

const withUnit = (value: number | null, unit: string): string =>
  value === null ? NONE : `${plain(value)}${unit === '' ? '' : ` ${unit}`}`;

const metricRow = (metric: ComparedMetric): string[] => [
  metricName(metric),
  withUnit(metric.base, metric.unit),
  withUnit(metric.candidate, metric.unit),
  metric.ratio === null ? NONE : change(metric.ratio - 1),
  metric.ratio_ci === null ? NONE : changeRange(metric.ratio_ci),
];

function metricLines({ metrics }: Comparison): string[] {
  const judged = metrics.filter(metric => metric.judged);
  const others = metrics.filter(metric => !metric.judged && metric.runs.every(n => n > 0));
  const head = ['base', 'candidate', 'change', '95 % interval'];
  return [
    ...tableLines([
      ['judged', ...head, 'budget', 'verdict'],
      ...judged.map(metric => [
        ...metricRow(metric),
        percent(metric.budget),
        `${metric.verdict === null ? '' : VERDICT[metric.verdict]}${metric.reason === '' ? '' : `: ${metric.reason}`}`,
      ]),
    ]),
    ...(others.length === 0 ? [] : ['', ...tableLines([['not judged', ...head, ''], ...others.map(metric => [...metricRow(metric), ''])])]),
  ];
}

const changedLines = (title: string, changes: Comparison['settings']): string[] =>
  changes.length === 0
    ? []
    : [
        '',
        title,
        ...changes.slice(0, MOST_CHANGES).map(({ what, base, candidate }) => `  ${what}: ${base.join(' or ')} → ${candidate.join(' or ')}`),
        ...(changes.length > MOST_CHANGES ? [`  and ${changes.length - MOST_CHANGES} more: see --json`] : []),
      ];

function causeLines({ causes }: Comparison): string[] {
  if (causes.length === 0) return [];
  const perSecond = (value: number | null) => (value === null ? NONE : plain(value));
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${ms(Math.abs(value))}`;
  return [
    '',
    'Causes, a run (and in ms of each second that was looked at)',
    ...tableLines([
      ['cause', 'base', 'candidate', 'change', 'base ms/s', 'candidate ms/s', ''],
      ...causes
        .slice(0, MOST_ROWS)
        .map(c => [
          CAUSE_TEXT[c.cause].title,
          ms(c.base_ms),
          ms(c.candidate_ms),
          signed(c.candidate_ms - c.base_ms),
          perSecond(c.base_ms_per_s),
          perSecond(c.candidate_ms_per_s),
          '',
        ]),
    ]),
  ];
}

function kernelLines({ kernels }: Comparison): string[] {
  if (kernels.length === 0) return [];
  const length = (value: number | null) => (value === null ? 'did not run' : us(value));
  return [
    '',
    'Kernels that changed the time most, by name and launch shape (median of a launch; all launches of a run)',
    ...tableLines([
      ['kernel', 'base', 'candidate', 'change', 'of a run', 'grid, threads'],
      ...kernels
        .slice(0, MOST_ROWS)
        .map(k => [
          k.name,
          length(k.base_us),
          length(k.candidate_us),
          k.ratio === null ? NONE : change(k.ratio - 1),
          `${k.lost_ms < 0 ? '−' : '+'}${ms(Math.abs(k.lost_ms))}`,
          `${k.grid}, ${k.block}`,
        ]),
    ]),
  ];
}

/** A comparison for a terminal: the verdict, each metric, and what else changed. */
export const comparisonLines = (comparison: Comparison): string[] => [
  comparison.answer,
  '',
  ...metricLines(comparison),
  ...(comparison.targets === null ? [] : ['', 'Targets', ...targetTable(comparison.targets)]),
  ...changedLines('What else changed: settings', comparison.settings),
  ...changedLines('What else changed: the machine', comparison.system),
  ...causeLines(comparison),
  ...kernelLines(comparison),
  '',
  ...comparison.notes,
];
