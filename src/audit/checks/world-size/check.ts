import { contradiction, defineCheck } from '../../define.ts';
import { beside, fileOf, inContext, ofQuantity, scopesOf } from '../../statement-set.ts';
import { counted, num } from '../../wording.ts';

export default defineCheck({
  id: 'world-size',
  title: 'GPUs claimed against ranks and rows',
  formula: 'ranks ≤ GPUs of the same run; GPUs of a printed topology = GPUs of the document',
  source: 'counting',
  find: set => [
    ...scopesOf(ofQuantity(set, 'ranks')).flatMap(ranks => {
      const gpus = beside(set, ranks, 'gpus');
      if (gpus === undefined || ranks.value <= gpus.value) return [];
      const sentence = `${counted(ranks.value, 'rank')} were started on ${counted(gpus.value, 'GPU')}.`;
      return [contradiction('implausible', ranks, { what: 'GPUs', value: gpus.value, unit: '' }, sentence, [gpus])];
    }),
    ...ofQuantity(set, 'topology_gpus').flatMap(shown => {
      const gpus = inContext(set, shown, 'gpus');
      if (gpus === undefined || gpus.value === shown.value || fileOf(gpus) !== fileOf(shown)) return [];
      const isMore = shown.value > gpus.value;
      const rest = isMore ? ' Either it is another machine, or not all of it was used.' : '';
      const said = `the machine is said to be ${num(gpus.value)}×${gpus.of} ("${gpus.text}")`;
      const sentence = `The topology shows ${counted(shown.value, 'GPU')}, but ${said}.${rest}`;
      return [contradiction(isMore ? 'implausible' : 'impossible', shown, { what: 'GPUs', value: gpus.value, unit: '' }, sentence, [gpus])];
    }),
  ],
});
