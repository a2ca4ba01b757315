import { contradiction, defineCheck } from '#audit/define';
import { inContext, ofQuantity } from '#audit/statement-set';
import { num, percent } from '#audit/wording';

/** Activations of a real model are not all alike: boundaries and the last stage differ by a few percent. */
const WITHIN = 0.05;

export default defineCheck({
  id: 'activation-memory',
  title: 'Activations of an interleaved schedule take other memory than its order keeps alive',
  formula: 'interleaved 1F1B over 1F1B: 1 + (p − 1)/(p·v), with p devices and v virtual stages a device, within 5 points',
  source: 'Korthikanti et al. 2022 (arXiv 2205.05198) §5.2, after Narayanan et al. 2021 (arXiv 2104.04473) §2.2',
  find: set =>
    ofQuantity(set, 'activation_growth').flatMap(statement => {
      const p = inContext(set, statement, 'ranks');
      const v = inContext(set, statement, 'virtual_stages');
      const isNear = (c: typeof p) => c !== undefined && c.scope[1] === statement.scope[1];
      if (p === undefined || v === undefined || !isNear(p) || !isNear(v) || p.value < 2 || v.value < 2) return [];
      const growth = (p.value - 1) / (p.value * v.value);
      if (statement.lower <= growth + WITHIN && statement.upper >= growth - WITHIN) return [];
      const sentence =
        `With p = ${num(p.value)} devices and v = ${num(v.value)} virtual stages a device, interleaving keeps 1 + (${num(p.value)} − 1)/(${num(p.value)}·${num(v.value)}) = ` +
        `${num(1 + growth)} times the activations of 1F1B, ${percent(growth)} more, but "${statement.text}" is stated.`;
      return [contradiction('implausible', statement, { what: 'more activation memory', value: growth, unit: '' }, sentence, [p, v])];
    }),
});
