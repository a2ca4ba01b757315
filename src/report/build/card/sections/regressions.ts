import { changeRange, plain } from '#core/format/numbers';
import type { ChangeVerdict, Comparison } from '#schema/comparison';
import { metricName } from '#schema/run';
import { notMeasured, type RowVerdict, row, type SectionOf } from '../documents.ts';

const VERDICT: Readonly<Record<ChangeVerdict, RowVerdict>> = {
  ...{ regression: 'fail', 'not-evaluable': 'not-measured', improvement: 'pass', equivalent: 'pass' },
};

const compared = (source: string, { metrics }: Comparison) =>
  metrics
    .filter(metric => metric.judged && metric.verdict !== null)
    .map(metric =>
      row(metricName(metric), VERDICT[metric.verdict ?? 'not-evaluable'], {
        figure: metric.candidate === null ? null : `${plain(metric.candidate)} ${metric.unit}`.trimEnd(),
        ...{ value: metric.candidate, unit: metric.unit, source },
        limit: metric.base === null ? null : `${plain(metric.base)} ${metric.unit}`.trimEnd(),
        reason: metric.reason === '' && metric.ratio_ci !== null ? changeRange(metric.ratio_ci) : metric.reason,
      }),
    );

/** Whether it got worse since the baseline. */
export const regressions: SectionOf = ({ comparisons }) => ({
  rows:
    comparisons.length === 0
      ? [notMeasured('change since a baseline', 'no baseline was named (baseline in the plan, or forensics compare)')]
      : comparisons.flatMap(({ source, data }) => compared(source, data)),
  figures: [],
});
