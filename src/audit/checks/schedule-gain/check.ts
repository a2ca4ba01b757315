import { contradiction, defineCheck } from '#audit/define';
import { ofQuantity } from '#audit/statement-set';
import { num, percent } from '#audit/wording';

export default defineCheck({
  id: 'schedule-gain',
  title: 'A smaller bubble gains more than the bubble was worth',
  formula: 'gain ≤ (1 − bubble after) / (1 − bubble before); with no bubble at all 1 / (1 − bubble before)',
  source: 'definition: the same work in the time that the bubble does not take',
  find: set =>
    ofQuantity(set, 'throughput_gain').flatMap(statement => {
      const bubbles = ofQuantity(set, 'bubble_share', b => b.role === 'result' && b.scope[0] === statement.scope[0]);
      const after = bubbles.find(b => b.scope[1] === statement.scope[1]);
      const others = bubbles.filter(b => b.scope[1] !== statement.scope[1]);
      // With several others nobody knows which one it is held against.
      const [before] = others;
      if (after === undefined || before === undefined || others.length > 1 || before.upper >= 1) return [];
      const told = (1 - after.value) / (1 - before.value);
      const most = 1 / (1 - before.upper);
      if (statement.lower <= told) return [];
      const sentence =
        `A bubble of ${percent(before.value)} that becomes ${percent(after.value)} gains (1 − ${num(after.value)})/(1 − ${num(before.value)}) = ${num(told)}× at most, ` +
        `and none at all 1/(1 − ${num(before.upper)}) = ${num(most)}×, but "${statement.text}" is stated.`;
      const severity = statement.lower > most ? 'impossible' : 'implausible';
      return [contradiction(severity, statement, { what: 'most gain', value: told, unit: '×' }, sentence, [before, after])];
    }),
});
