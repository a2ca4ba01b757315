import type { TrainingFacts } from '#multi-gpu/training/facts';
import { FEWEST_TO_JUDGE } from '#multi-gpu/training/limits';
import { noUtilisation } from './wording.ts';

const hasWait = (facts: Extract<TrainingFacts, { lockstep: boolean }>): boolean =>
  facts.slow.some(s => s.late.breakdown.causes.some(c => c.cause === 'input-wait' && !/worker process|pt_data_worker/.test(c.subject)));

/** What could not be told of a training's steps, a sentence each. */
export function limitsOfTraining(facts: TrainingFacts): string[] {
  const { utilisation } = facts;
  const unused = utilisation !== undefined && 'lacks' in utilisation ? [noUtilisation(utilisation)] : [];
  if (facts.found === undefined) {
    const few = `Which iterations were slow: that takes at least ${FEWEST_TO_JUDGE} of one kind, told apart by a range or by an optimizer’s kernels.`;
    const none =
      'no range, no kernel of an optimizer, no collective that adds gradients up and no sequence of kernels repeats at least four times on every rank. Nothing here rests on steps.';
    return facts.iterations.length > 0 ? [few, ...unused] : [none];
  }
  const tooFew = facts.times.some(t => t.limit === undefined)
    ? [`Which steps were slow: ${FEWEST_TO_JUDGE} are the fewest that tell what is usual.`]
    : [];
  const worker = hasWait(facts)
    ? [
        'Which worker process of the data loader was slow, and at what: the trace holds no call of one (nsys --trace-fork-before-exec=true -t osrt records them).',
      ]
    : [];
  return [...tooFew, ...worker, ...unused];
}
