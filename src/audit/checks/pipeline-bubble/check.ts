import { contradiction, defineCheck } from '../../define.ts';
import { inContext, ofQuantity } from '../../statement-set.ts';
import { num, percent } from '../../wording.ts';

export default defineCheck({
  id: 'pipeline-bubble',
  title: 'A pipeline bubble below what its schedule must have',
  formula: 'bubble ≥ (p − 1) / (v·m + p − 1), with p devices, m microbatches, v virtual stages a device',
  source:
    'Narayanan et al. 2021 (arXiv 2104.04473) §2.2, as a share of the whole; even stages are the best case; 1F1B and interleaved 1F1B',
  find: set =>
    ofQuantity(set, 'bubble_share', c => c.role === 'result').flatMap(statement => {
      const p = inContext(set, statement, 'ranks');
      const m = inContext(set, statement, 'microbatches');
      const v = inContext(set, statement, 'virtual_stages');
      // The schedule's own section has to say what it ran with.
      const isNear = (c: typeof p) => c !== undefined && c.scope[1] === statement.scope[1];
      if (p === undefined || m === undefined || !isNear(p) || !isNear(m) || p.value < 2) return [];
      const stages = v !== undefined && isNear(v) ? v.value : 1;
      const least = (p.value - 1) / (stages * m.value + p.value - 1);
      if (statement.upper >= least) return [];
      const vm = stages === 1 ? num(m.value) : `${stages}·${num(m.value)}`;
      const sentence =
        `With p = ${num(p.value)} devices and m = ${num(m.value)} microbatches${stages === 1 ? '' : `, v = ${stages}`}, the bubble is at least ` +
        `(${num(p.value)} − 1)/(${vm} + ${num(p.value)} − 1) = ${percent(least)}, but ${statement.text} is stated.`;
      const others = stages === 1 || v === undefined ? [p, m] : [p, m, v];
      return [contradiction('impossible', statement, { what: 'least bubble', value: least, unit: '' }, sentence, others)];
    }),
});
