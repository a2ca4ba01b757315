import { contradiction, defineCheck } from '../../define.ts';
import { inContext, ofQuantity } from '../../statement-set.ts';
import { num } from '../../wording.ts';

/** A burst may pass the mean rate for a while. */
const SLACK = 0.25;
const SECTION = 2;

export default defineCheck({
  id: 'token-budget',
  title: 'More tokens than the requests may hold',
  formula: 'tok/s ≤ asked requests/s × (longest prompt + most new tokens), within 25 %',
  source: 'every request obeys --max-new-tokens',
  find: set =>
    ofQuantity(set, 'output_tokens_per_s', c => c.role === 'result').flatMap(statement => {
      const near = (q: 'requested_rate' | 'max_new_tokens' | 'max_prompt_tokens') => {
        const found = inContext(set, statement, q);
        // A setting from another section may belong to another run.
        return found !== undefined && found.scope[1] === statement.scope[1] && statement.scope.length >= SECTION ? found : undefined;
      };
      const [rate, fresh, prompt] = [near('requested_rate'), near('max_new_tokens'), near('max_prompt_tokens')];
      if (rate === undefined || fresh === undefined || prompt === undefined) return [];
      const most = rate.value * (fresh.value + prompt.value);
      if (statement.lower <= most * (1 + SLACK)) return [];
      const sentence = `${num(rate.value)} req/s × (${num(prompt.value)} prompt + ${num(fresh.value)} new tokens) = ${num(most)} tok/s at most (${num(rate.value * fresh.value)} of them new), but ${statement.text} is stated.`;
      return [
        contradiction('impossible', statement, { what: 'most tokens a second', value: most, unit: 'tok/s' }, sentence, [
          rate,
          fresh,
          prompt,
        ]),
      ];
    }),
});
