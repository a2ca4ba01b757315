import { group } from 'd3-array';
import { contradiction, defineCheck } from '../../define.ts';
import type { Statement } from '../../statement.ts';
import { beside, ofQuantity, scopeKey } from '../../statement-set.ts';
import { counted, num, percentileName } from '../../wording.ts';

/** Gaps between tokens are many in a request: their number is not the requests'. */
const PER_TOKEN: ReadonlySet<string> = new Set(['itl', 'read', 'write']);
/** The middle is no tail: it stands on any number of values. */
const TAIL = 0.5;

interface Figure {
  readonly statement: Statement;
  readonly q: number;
  readonly n: number;
  readonly others: readonly Statement[];
}

export default defineCheck({
  id: 'percentile-support',
  title: 'Percentiles of too few values',
  formula: 'p_q needs n ≥ 1/(1 − q) values: below, it is the largest value or a number between the two largest',
  source: 'order statistics: the rank ⌈q·n⌉ is n',
  find: set => {
    const figures = ofQuantity(set, 'latency_ms', c => c.role === 'result').flatMap((statement): Figure[] => {
      const completed = PER_TOKEN.has(statement.of) ? undefined : beside(set, statement, 'completed');
      const n = statement.n ?? completed?.value;
      // What is only known to lie in a bucket says itself how little is known.
      if (statement.lower !== statement.upper && statement.source.path !== null) return [];
      if (typeof statement.statistic !== 'number' || statement.statistic <= TAIL || n === undefined) return [];
      return [{ statement, q: statement.statistic, n, others: statement.n === null && completed !== undefined ? [completed] : [] }];
    });
    const thin = figures.filter(f => f.n * (1 - f.q) < 1 - 1e-9);
    return [...group(thin, f => scopeKey(f.statement)).values()].flatMap(own => {
      const [worst] = own.toSorted((a, b) => b.q - a.q || a.n - b.n);
      if (worst === undefined) return [];
      const highest = [...group(own, f => f.statement.of).values()].flatMap(of => of.toSorted((a, b) => b.q - a.q).slice(0, 1));
      const listed = highest.map(f => `${f.statement.of} ${percentileName(f.q)} ${num(f.statement.value)} ms`).join(', ');
      const sentence =
        worst.n === 0
          ? `${listed}: no request was completed, so there is nothing to take a percentile of.`
          : `${listed} rest on ${counted(worst.n, 'value')}: ${percentileName(worst.q)} needs ${num(Math.ceil(1 / (1 - worst.q) - 1e-9))}. With ${num(worst.n)}, it is the largest value or a number between the two largest.`;
      return [contradiction('unsupported', worst.statement, { what: 'values', value: worst.n, unit: '' }, sentence, worst.others)];
    });
  },
});
