import { contradiction, defineCheck } from '../../define.ts';
import { machineNamed } from '../../machines.ts';
import type { Statement } from '../../statement.ts';
import { inContext, ofQuantity, type StatementSet } from '../../statement-set.ts';
import { dollars, num } from '../../wording.ts';

/** A bound ten times away from the value that it should watch lets a tenfold regression pass. */
const TOO_LOOSE = 10;
const JOULES_PER_KWH = 3.6e6;
const TOKENS = 1e6;

/** The same machine at its power limit and the lowest stated throughput: what a bad day would cost. */
function worstCost(set: StatementSet, target: Statement, price: Statement): string {
  const gpus = inContext(set, target, 'gpus');
  const limit = gpus === undefined ? undefined : machineNamed(gpus.of)?.limit_w;
  const rates = ofQuantity(
    set,
    'output_tokens_per_s',
    c => c.role === 'result' && c.sweep !== null && c.source.file === target.source.file,
  );
  const slowest = rates.toSorted((a, b) => a.value - b.value)[0];
  if (gpus === undefined || limit === undefined || limit === null || slowest === undefined) return '';
  const watts = limit * gpus.value;
  const cost = ((watts / slowest.value) * TOKENS * price.value) / JOULES_PER_KWH;
  return ` Even at the power limit (${num(watts)} W) and ${num(slowest.value)} tok/s it would be ${dollars(cost)}.`;
}

export default defineCheck({
  id: 'target-slack',
  title: 'A target that cannot fail',
  formula: 'cost per 1M tokens = 10⁶ ÷ tok/J ÷ 3.6·10⁶ J/kWh × $/kWh; a target ten times above it watches nothing',
  source: 'the definition; electricity only, which the document has to say by its price per kWh',
  find: set =>
    ofQuantity(set, 'usd_per_million_tokens', c => c.role === 'target').flatMap(target => {
      const price = inContext(set, target, 'electricity_usd_per_kwh');
      const efficiency = inContext(set, target, 'tokens_per_joule', c => c.role === 'result');
      if (price === undefined || efficiency === undefined) return [];
      const cost = (TOKENS / efficiency.value / JOULES_PER_KWH) * price.value;
      const looseness = target.value / cost;
      if (looseness < TOO_LOOSE) return [];
      const sentence =
        `At ${num(efficiency.value)} tok/J, 1M tokens take ${num(TOKENS / efficiency.value)} J = ${num(TOKENS / efficiency.value / JOULES_PER_KWH)} kWh; at ${dollars(price.value)}/kWh that is ` +
        `${dollars(cost)}. The target ${target.text} is ${num(Math.round(looseness))} times that, so it cannot fail.${worstCost(set, target, price)}`;
      return [
        contradiction('unsupported', target, { what: 'electricity for 1M tokens', value: cost, unit: '$' }, sentence, [efficiency, price]),
      ];
    }),
});
