import { contradiction, defineCheck } from '../../define.ts';
import type { Statement } from '../../statement.ts';
import { beside, ofQuantity } from '../../statement-set.ts';
import { num, percent } from '../../wording.ts';

/** Start and stop of a sampler cost a little; a tenth of the run is no longer a little. */
const LEAST = 0.9;

export default defineCheck({
  id: 'sampled-time',
  title: 'Sampled for a part of the time',
  formula: 'time sampled ≥ 90 % of the time asked for, or of the run',
  source: 'a mean over a part is no mean of the whole',
  find: set =>
    ofQuantity(set, 'sampled_s').flatMap(sampled => {
      const asked: Statement | undefined = beside(set, sampled, 'asked_duration_s') ?? beside(set, sampled, 'duration_s');
      if (asked === undefined || sampled.upper >= LEAST * asked.lower) return [];
      const sentence = `Power was sampled for ${num(sampled.value)} s of ${num(asked.value)} s, ${percent(sampled.value / asked.value)}: its mean and energy are not those of the run.`;
      return [contradiction('unsupported', sampled, { what: 'time to sample', value: asked.value, unit: 's' }, sentence, [asked])];
    }),
});
