import { contradiction, defineCheck } from '../../define.ts';
import { apart } from '../../range.ts';
import type { Statement } from '../../statement.ts';
import { beside, ofQuantity, type StatementSet } from '../../statement-set.ts';
import { dollars, num } from '../../wording.ts';

/** Prices are exact, and power and tokens are those of the same window: this is for rounding. */
const SLACK = 0.01;
const WATTS_PER_KW = 1000;
/** Of tokens a second, millions an hour. */
const MILLIONS_PER_HOUR = 3600 / 1e6;

interface Cost {
  readonly usd: number;
  readonly how: string;
  readonly others: readonly Statement[];
}

/** What an hour costs, $, and how that follows. */
function hourly(set: StatementSet, statement: Statement): Cost | undefined {
  if (statement.of === 'GPUs') {
    const gpus = beside(set, statement, 'gpus_paid');
    const price = beside(set, statement, 'gpu_usd_per_hour');
    if (gpus === undefined || price === undefined) return undefined;
    return { usd: gpus.value * price.value, how: `${num(gpus.value)} GPUs × $${price.value}/h`, others: [gpus, price] };
  }
  const power = beside(set, statement, 'power_mean_w');
  const price = beside(set, statement, 'electricity_usd_per_kwh');
  const pue = beside(set, statement, 'pue');
  if (statement.of !== 'electricity' || power === undefined || price === undefined || pue === undefined) return undefined;
  const usd = (power.value / WATTS_PER_KW) * pue.value * price.value;
  return { usd, how: `${num(power.value)} W × PUE ${pue.value} × $${price.value}/kWh`, others: [power, price, pue] };
}

export default defineCheck({
  id: 'token-cost',
  title: 'The cost of tokens against prices, power and tokens a second',
  formula: '$ per 1M tokens = (GPUs × $/h, or W ÷ 1000 × PUE × $/kWh) ÷ (tok/s × 3600 ÷ 10⁶), within 1 %',
  source: 'the definition (src/energy/prices.ts)',
  find: set =>
    ofQuantity(set, 'usd_per_million_tokens', c => c.role === 'result').flatMap(statement => {
      const rate = beside(set, statement, 'output_tokens_per_s') ?? beside(set, statement, 'total_tokens_per_s');
      const cost = hourly(set, statement);
      if (rate === undefined || cost === undefined || !(rate.value > 0)) return [];
      const usd = cost.usd / (rate.value * MILLIONS_PER_HOUR);
      if (!apart({ lower: usd, upper: usd }, statement, SLACK)) return [];
      const sentence = `${cost.how} ÷ ${num(rate.value)} tok/s = ${dollars(usd)} per 1M tokens, but ${dollars(statement.value)} is stated for ${statement.of}.`;
      return [contradiction('impossible', statement, { what: 'cost', value: usd, unit: '$/1M tokens' }, sentence, [rate, ...cost.others])];
    }),
});
