import { group } from 'd3-array';
import { contradiction, defineCheck } from '../../define.ts';
import type { Statement } from '../../statement.ts';
import { ofQuantity, type StatementSet, scopeKey } from '../../statement-set.ts';
import { num, statisticName } from '../../wording.ts';

/** Percentiles of a histogram are rounded to its buckets, extremes are not: fio's buckets are 1/64 wide (stat.h, FIO_IO_U_PLAT_BITS 6). */
const ROUNDING = 0.02;

const isOrdered = (c: Statement): boolean => typeof c.statistic === 'number' || c.statistic === 'min' || c.statistic === 'max';
const rank = (c: Statement): number => (c.statistic === 'min' ? 0 : c.statistic === 'max' ? 1 : Number(c.statistic));
const name = (c: Statement): string => `${c.of} ${statisticName(c.statistic)} ${num(c.value)} ms`;

/** A schedule may be kept early: times below zero are real, and rounding widens them all the same. */
const above = (low: Statement, high: Statement, why: string) =>
  low.lower > high.upper + ROUNDING * Math.abs(high.upper)
    ? [
        contradiction(
          'impossible',
          low,
          { what: name(high), value: high.value, unit: 'ms' },
          `${name(low)} is above ${name(high)}: ${why}.`,
          [high],
        ),
      ]
    : [];

/** A figure that is there twice is of two things: nothing can be said of either. */
const unique = (figures: readonly Statement[]): Statement[] =>
  figures.filter(c => figures.every(o => o === c || o.statistic !== c.statistic || o.of !== c.of));

/** min ≤ p50 ≤ p95 ≤ max, and the mean within what they allow. */
function ofOneMetric(figures: readonly Statement[]) {
  const ordered = figures.filter(isOrdered).toSorted((a, b) => rank(a) - rank(b));
  const mean = figures.find(c => c.statistic === 'mean');
  const steps = ordered.slice(1).flatMap((high, i) => {
    const low = ordered[i];
    return low === undefined ? [] : above(low, high, 'a higher percentile of the same values cannot be smaller');
  });
  if (mean === undefined) return steps;
  const isPositive = figures.every(c => c.lower >= 0);
  return [
    ...steps,
    ...ordered.flatMap(c => {
      if (c.statistic === 'min') return above(c, mean, 'no value is below the least');
      if (c.statistic === 'max') return above(mean, c, 'no value is above the greatest');
      const least = rank(c) > 0 && rank(c) < 1 ? c.lower * (1 - rank(c)) : 0;
      if (!isPositive || mean.upper * (1 + ROUNDING) >= least) return [];
      const sentence = `${name(c)}: at least ${num(100 * (1 - rank(c)))} % of the values are as large, so their mean is at least ${num(least)} ms, but ${name(mean)} is stated.`;
      return [contradiction('impossible', mean, { what: 'least mean', value: least, unit: 'ms' }, sentence, [c])];
    }),
  ];
}

/** The first token comes before the last, in every request and so at every percentile. */
const firstTokens = (figures: readonly Statement[]) =>
  figures
    .filter(c => c.of === 'ttft' && c.statistic !== 'std')
    .flatMap(ttft => {
      const e2e = figures.find(c => c.of === 'e2e' && c.statistic === ttft.statistic);
      return e2e === undefined ? [] : above(ttft, e2e, 'the first token cannot come after the end');
    });

export default defineCheck({
  id: 'percentile-order',
  title: 'Percentiles out of order',
  formula: 'min ≤ p50 ≤ p95 ≤ p99 ≤ max; min ≤ mean ≤ max; mean ≥ (1 − q) × p_q; TTFT ≤ end to end at every percentile',
  source: "order statistics; Markov's inequality",
  find: (set: StatementSet) => {
    const figures = ofQuantity(set, 'latency_ms', c => c.role === 'result');
    return [...group(figures, scopeKey).values()]
      .map(unique)
      .flatMap(own => [...[...group(own, c => c.of).values()].flatMap(ofOneMetric), ...firstTokens(own)]);
  },
});
