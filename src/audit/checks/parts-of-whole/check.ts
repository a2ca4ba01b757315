import { contradiction, defineCheck } from '../../define.ts';
import { beside, ofQuantity } from '../../statement-set.ts';

/** How numbers were rounded is in their ranges; this is what is left of doubles. */
const ROUNDING = 1e-9;

export default defineCheck({
  id: 'parts-of-whole',
  title: 'Parts that do not make their whole',
  formula: 'Σ parts = whole, or ≤ whole where something may be left over',
  source: 'the definition of a share; memory as nvidia-smi counts it: total = reserved + used + free',
  find: set =>
    ofQuantity(set, 'parts').flatMap(parts => {
      const whole = beside(set, parts, 'whole', c => c.of === parts.of);
      if (whole === undefined) return [];
      const doubt = ROUNDING * Math.max(Math.abs(parts.value), Math.abs(whole.value));
      const isMore = parts.lower > whole.upper + doubt;
      if (!isMore && parts.upper >= whole.lower - doubt) return [];
      const sentence = `${parts.subject}, ${parts.of}: ${parts.text}, which is ${isMore ? 'more' : 'less'} than ${whole.text}.`;
      return [contradiction('impossible', parts, { what: 'the whole', value: whole.value, unit: '' }, sentence, [whole])];
    }),
});
