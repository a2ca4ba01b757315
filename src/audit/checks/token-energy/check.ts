import { contradiction, defineCheck } from '../../define.ts';
import { apart, times } from '../../range.ts';
import { beside, ofQuantity } from '../../statement-set.ts';
import { num } from '../../wording.ts';

/** Power and tokens are counted in windows that differ a little: 5 %, what InferenceX allows between its two ways to energy. */
const SLACK = 0.05;

export default defineCheck({
  id: 'token-energy',
  title: 'Tokens per joule against watts and tokens a second',
  formula: 'tok/J × W = tok/s (output tokens, or all of them), within 5 %',
  source: 'the definition; tolerance as InferenceX aggregate_power.py',
  find: set =>
    ofQuantity(set, 'tokens_per_joule', c => c.role === 'result').flatMap(statement => {
      const power = beside(set, statement, 'power_mean_w');
      const rates = (['output_tokens_per_s', 'total_tokens_per_s'] as const)
        .map(q => beside(set, statement, q))
        .filter(c => c !== undefined);
      const [rate] = rates;
      // Power that was sampled for a part of the run only is not the run's.
      const sampled = beside(set, statement, 'sampled_s');
      const duration = beside(set, statement, 'duration_s');
      const partly = sampled !== undefined && duration !== undefined && apart(sampled, duration, SLACK);
      if (power === undefined || rate === undefined || partly) return [];
      const made = times(statement, power);
      if (rates.some(r => !apart(made, r, SLACK))) return [];
      const value = statement.value * power.value;
      const sentence = `${num(statement.value)} tok/J × ${num(power.value)} W = ${num(value)} tok/s, but ${num(rate.value)} tok/s is stated.`;
      return [contradiction('impossible', statement, { what: 'tokens a second', value, unit: 'tok/s' }, sentence, [power, ...rates])];
    }),
});
