import { contradiction, defineCheck } from '../../define.ts';
import type { Statement } from '../../statement.ts';
import { beside, ofQuantity, ofScope, type StatementSet } from '../../statement-set.ts';
import { num, percentileName } from '../../wording.ts';

/** Requests that straddle the ends of the window, and windows cut in other places by other tools. */
const SLACK = 0.1;
const MS = 1000;

/** The least that the mean can be, ms: stated, or bound by a percentile, as the share 1 − q of all is at least p_q. */
function leastMean(
  set: StatementSet,
  rate: Statement,
): { readonly ms: number; readonly statement: Statement; readonly how: string } | undefined {
  const figures = ofScope(set, rate.scope).filter(
    c => c.quantity === 'latency_ms' && c.of === 'e2e' && c.role === 'result' && Number.isFinite(c.lower),
  );
  const mean = figures.find(c => c.statistic === 'mean');
  if (mean !== undefined) return { ms: mean.lower, statement: mean, how: `${num(mean.value / MS)} s mean latency` };
  const bounds = figures.flatMap(statement =>
    typeof statement.statistic === 'number'
      ? [
          {
            ms: statement.lower * (1 - statement.statistic),
            statement,
            how: `a mean of at least ${num((statement.lower * (1 - statement.statistic)) / MS)} s (${percentileName(statement.statistic)} is ${num(statement.value)} ms)`,
          },
        ]
      : [],
  );
  return bounds.toSorted((a, b) => b.ms - a.ms)[0];
}

export default defineCheck({
  id: 'littles-law',
  title: 'More requests in flight than were allowed',
  formula: 'requests/s × mean latency = mean in flight ≤ concurrency, within 10 %; without a mean, it is at least (1 − q) × p_q',
  source: "Little 1961, 'A proof for the queuing formula L = λW'; Markov's inequality for the bound",
  find: set =>
    ofQuantity(set, 'requests_per_s', c => c.role === 'result').flatMap(rate => {
      const concurrency = beside(set, rate, 'concurrency');
      const least = concurrency === undefined ? undefined : leastMean(set, rate);
      if (concurrency === undefined || least === undefined) return [];
      const inFlight = (rate.lower * least.ms) / MS;
      if (inFlight <= concurrency.upper * (1 + SLACK)) return [];
      const sentence = `${num(rate.value)} req/s × ${least.how} = ${num((rate.value * least.ms) / MS)} requests in flight, but at most ${num(concurrency.value)} were allowed at once.`;
      return [
        contradiction('impossible', rate, { what: 'requests in flight', value: inFlight, unit: '' }, sentence, [
          least.statement,
          concurrency,
        ]),
      ];
    }),
});
