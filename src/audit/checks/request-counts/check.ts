import { contradiction, defineCheck } from '../../define.ts';
import { beside, ofQuantity, scopesOf } from '../../statement-set.ts';
import { num } from '../../wording.ts';

export default defineCheck({
  id: 'request-counts',
  title: 'More requests ended than were sent',
  formula: 'completed + failed ≤ sent',
  source: 'counting',
  find: set =>
    scopesOf(ofQuantity(set, 'completed')).flatMap(completed => {
      const sent = beside(set, completed, 'sent');
      const failed = beside(set, completed, 'failed');
      const ended = completed.value + (failed?.value ?? 0);
      if (sent === undefined || ended <= sent.upper) return [];
      const sentence = `${num(completed.value)} completed + ${num(failed?.value ?? 0)} failed = ${num(ended)}, but ${num(sent.value)} were sent.`;
      const others = failed === undefined ? [sent] : [sent, failed];
      return [contradiction('impossible', completed, { what: 'requests that ended', value: ended, unit: '' }, sentence, others)];
    }),
});
