import { contradiction, defineCheck } from '../../define.ts';
import { matchingRunsOf, THOUSAND, thousandfold } from '../../matching-runs.ts';
import type { Statement } from '../../statement.ts';
import { ofQuantity, ofScope, type StatementSet } from '../../statement-set.ts';
import { num } from '../../wording.ts';

const RATES = ['output_tokens_per_s', 'total_tokens_per_s', 'power_mean_w', 'energy_j', 'tokens_per_joule'] as const;

/** Only the rounded of the two is a reading of the other. */
const isReading = (rounded: Statement, exact: Statement): boolean => rounded.upper - rounded.lower > exact.upper - exact.lower;

const misreadings = (set: StatementSet, exact: Statement) =>
  matchingRunsOf(set, exact).flatMap(twin =>
    ofScope(set, twin.scope)
      .filter(c => c.quantity === exact.quantity && isReading(c, exact) && thousandfold(c, exact))
      .map(reading => {
        const sentence = `"${reading.text}" is ${num(THOUSAND)} times ${num(exact.value)} (${exact.source.file}), while ${twin.shared} is the same in both: a thousandfold misreading.`;
        return contradiction('implausible', reading, { what: 'the value in the other file', value: exact.value, unit: '' }, sentence, [
          exact,
        ]);
      }),
  );

export default defineCheck({
  id: 'unit-misreading',
  title: 'The same result, a thousand times larger',
  formula: 'two accounts of one run agree in another figure, and differ in this one by 1,000 to the written digits',
  source: '"1.76" read as "1.8 K"',
  find: set => RATES.flatMap(q => ofQuantity(set, q, c => c.role === 'result').flatMap(c => misreadings(set, c))),
});
