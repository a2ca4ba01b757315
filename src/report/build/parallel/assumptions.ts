import { count, plain } from '#core/format/numbers';
import type { Assumption } from '#multi-gpu/pipeline/assumptions';
import { foundBySentence } from './found-by.ts';

const were = (n: number) => (n === 1 ? 'was' : 'were');

/** What had to be assumed or left out, or is not known, in a sentence. */
export function assumptionSentence(a: Assumption): string {
  switch (a.what) {
    case 'nothing-fits':
      return foundBySentence(a.found);
    case 'one-gpu':
      return 'All named operations ran on one GPU: without the reports of the other stages nothing can be said about the pipeline.';
    case 'empty-ranges':
      return `${count(a.count, 'named operation')} launched nothing on a GPU that was recorded.`;
    case 'replicas':
      return 'Several GPUs ran the same operations of the same stage (replicas, or a stage spread over GPUs): one of each was followed.';
    case 'shared-weights':
      return 'Ranges that hold the weights of several microbatches were cut into equal parts, one for each.';
    case 'numbered-by-order':
      return 'The names do not number the microbatches: they were numbered in the order in which they ran.';
    case 'incomplete-iterations':
      return `${count(a.count, 'incomplete iteration')} ${were(a.count)} left out.`;
    case 'misfit-stretches':
      return `${plain(a.count)} of ${count(a.of, 'stretch', 'stretches')} between two rests do not fit one stage a device: without names, interleaved stages and other work cannot be told apart.`;
    case 'early-end':
      return `The records of ${a.device} end more than an iteration before those of the others: what it did after that is not known.`;
    case 'warm-up':
      return `${count(a.iterations, 'iteration')} that followed another one without the collective that parts the rest ${were(a.iterations)} left out, as warm-up.`;
    case 'partial-iterations':
      return `${count(a.count, 'iteration')} of which a device shows nothing, or not all, ${were(a.count)} left out.`;
    case 'places-by-schedule':
      return 'Which chunk and microbatch an operation belongs to follows from the schedule that was recognised: no name tells.';
  }
}
