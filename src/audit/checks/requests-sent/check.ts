import { contradiction, defineCheck } from '../../define.ts';
import { matchingRunsOf } from '../../matching-runs.ts';
import type { Statement } from '../../statement.ts';
import { beside, ofQuantity, ofScope, type StatementSet } from '../../statement-set.ts';
import { num } from '../../wording.ts';

/** Arrivals may be bursty, and chance is large where they are few: a quarter, or five standard deviations of a Poisson count. */
const SLACK = 0.25;
const SIGMAS = 5;
const doubt = (expected: number): number => Math.max(SLACK * expected, SIGMAS * Math.sqrt(expected));
/** What is known of the tail of the latencies is a percentile: the slowest may take twice as long. */
const TAIL = 2;
const MS = 1000;

/** The asked rate of a run: its own, or that of the one other place that speaks of the same run. */
function rateOf(set: StatementSet, statement: Statement): Statement | undefined {
  const own = beside(set, statement, 'requested_rate');
  if (own !== undefined) return own;
  const rates = matchingRunsOf(set, statement)
    .flatMap(twin => ofQuantity(set, 'requested_rate', r => r.scope[0] === twin.scope[0] && r.scope[1] === twin.scope[1]))
    .filter((r, i, all) => all.findIndex(o => o.value === r.value) === i);
  return rates.length === 1 ? rates[0] : undefined;
}

/** How long after the last request was sent the run may have waited for answers, s; undefined where no latency is known. */
function drainOf(set: StatementSet, statement: Statement): number | undefined {
  const figures = ofScope(set, statement.scope).filter(c => c.quantity === 'latency_ms' && c.of === 'e2e');
  const slowest = Math.max(...figures.map(c => (c.statistic === 'max' ? 1 : TAIL) * c.upper));
  return Number.isFinite(slowest) ? slowest / MS : undefined;
}

export default defineCheck({
  id: 'requests-sent',
  title: 'Requests sent against rate × time',
  formula: 'sent = asked requests/s × time, within 25 % or 5·√expected; the time after the last request is allowed for',
  source: 'the definition of an open loop; Poisson arrivals spread by √n',
  find: set => [
    ...ofQuantity(set, 'sent').flatMap(sent => {
      const rate = rateOf(set, sent);
      const time = beside(set, sent, 'duration_s');
      if (rate === undefined || time === undefined) return [];
      const drain = drainOf(set, sent);
      const expected = rate.value * time.value;
      const least = drain === undefined ? 0 : rate.value * Math.max(0, time.value - drain);
      const tooFew = sent.upper < least - doubt(least);
      const tooMany = sent.lower > expected + doubt(expected);
      if (!tooFew && !tooMany) return [];
      const sentence =
        `${num(rate.value)} req/s × ${num(time.value)} s = ${num(Math.round(expected))} requests, but ${num(sent.value)} were sent: ` +
        `${num(sent.value / time.value)} req/s. ${tooFew ? 'The load that was asked for was never applied.' : 'The rate asked for was not kept.'}`;
      return [contradiction('implausible', sent, { what: 'requests', value: expected, unit: '' }, sentence, [rate, time])];
    }),
    ...ofQuantity(set, 'requests_per_s', c => c.role === 'result').flatMap(done => {
      const rate = beside(set, done, 'requested_rate');
      const time = beside(set, done, 'duration_s');
      const expected = rate === undefined ? 0 : rate.upper * (time?.value ?? Number.POSITIVE_INFINITY);
      const slack = Number.isFinite(expected) && expected > 0 ? doubt(expected) / expected : SLACK;
      if (rate === undefined || done.lower <= rate.upper * (1 + slack)) return [];
      const sentence = `${num(done.value)} req/s were done, but only ${num(rate.value)} req/s were sent.`;
      return [contradiction('impossible', done, { what: 'asked rate', value: rate.value, unit: 'req/s' }, sentence, [rate])];
    }),
  ],
});
