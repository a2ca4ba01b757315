import { contradiction, defineCheck } from '#audit/define';
import { apart, times } from '#audit/range';
import type { Quantity } from '#audit/statement';
import { beside, ofQuantity, scopesOf } from '#audit/statement-set';
import { num } from '#audit/wording';

/** Tools cut warm-up and drain in different places. */
const SLACK = 0.05;
/** Where it is told what came within the time of the rate, that is what the rate counts; the total may hold what came later. */
const PAIRS: readonly (readonly [rate: Quantity, total: Quantity, inWindow: Quantity, noun: string])[] = [
  ['requests_per_s', 'completed', 'completed_in_window', 'requests'],
  ['output_tokens_per_s', 'output_tokens', 'output_tokens_in_window', 'tokens'],
];

export default defineCheck({
  id: 'run-totals',
  title: 'Rates against totals',
  formula: 'rate × duration = total of that time, within 5 %: requests, output tokens, all tokens',
  source: 'the definition of a mean rate',
  find: set => [
    ...PAIRS.flatMap(([rateName, totalName, inWindow, noun]) =>
      scopesOf(ofQuantity(set, totalName)).flatMap(all => {
        const total = beside(set, all, inWindow) ?? all;
        const rate = beside(set, total, rateName, c => c.role === 'result');
        const duration = beside(set, total, 'duration_s');
        if (rate === undefined || duration === undefined) return [];
        const made = times(rate, duration);
        // Some tools count failures among the requests a second.
        const failed = total.quantity === 'completed' ? (beside(set, total, 'failed')?.value ?? 0) : 0;
        const withFailed = { lower: total.lower + failed, upper: total.upper + failed };
        if (!apart(made, total, SLACK) || !apart(made, withFailed, SLACK)) return [];
        const value = rate.value * duration.value;
        const sentence = `${num(rate.value)} ${noun}/s × ${num(duration.value)} s = ${num(value)} ${noun}, but ${num(total.value)} are counted.`;
        return [contradiction('impossible', rate, { what: noun, value, unit: '' }, sentence, [duration, total])];
      }),
    ),
    ...scopesOf(ofQuantity(set, 'total_tokens_per_s', c => c.role === 'result')).flatMap(rate => {
      const [input, output, duration] = [
        beside(set, rate, 'input_tokens'),
        beside(set, rate, 'output_tokens'),
        beside(set, rate, 'duration_s'),
      ];
      if (input === undefined || output === undefined || duration === undefined) return [];
      const total = { lower: input.lower + output.lower, upper: input.upper + output.upper };
      if (!apart(times(rate, duration), total, SLACK)) return [];
      const value = rate.value * duration.value;
      const sentence = `${num(rate.value)} tok/s × ${num(duration.value)} s = ${num(value)} tokens, but ${num(input.value)} in + ${num(output.value)} out = ${num(input.value + output.value)} are counted.`;
      return [contradiction('impossible', rate, { what: 'tokens', value, unit: '' }, sentence, [duration, input, output])];
    }),
  ],
});
