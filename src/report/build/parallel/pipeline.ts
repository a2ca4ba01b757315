import type { PipelineFacts } from '#multi-gpu/pipeline/facts';
import type { Pipeline, Schedule } from '#schema/pipeline';
import { assumptionSentence } from './assumptions.ts';
import { wordComparison } from './comparison.ts';
import { foundBySentence } from './found-by.ts';
import { wordCopies } from './peer-copies.ts';
import { pipelineAnswer } from './pipeline-answer.ts';
import { stallsOf } from './pipeline-causes.ts';
import { wordSchedule } from './schedules.ts';

const unknownSchedules = (schedules: readonly Schedule[]) =>
  schedules.flatMap(s => (s.name === 'unknown' ? [`Which schedule ${s.label ?? 'this'} is: ${s.detected}`] : []));

/** Where the operations are known, and nothing that passed between them was seen. */
const unseenHandoffs = (schedules: readonly Schedule[]) =>
  schedules.some(s => s.handoffs.count === 0) && schedules.some(s => s.m > 0)
    ? ['How data passes between the devices: no copy and no kernel of a collective carried it.']
    : [];

/** The pipeline of a report: what was reconstructed, and what that says. */
export function wordPipeline(facts: PipelineFacts): Pipeline {
  const schedules = facts.schedules.map(wordSchedule);
  const cannot_tell = [...facts.assumed.map(assumptionSentence), ...unknownSchedules(schedules), ...unseenHandoffs(schedules)];
  return {
    schedules,
    beyond_theory: stallsOf(schedules),
    copies: wordCopies(facts.copies),
    nvlink_share: facts.nvlink_share,
    source: foundBySentence(facts.by),
    cannot_tell,
    answer: pipelineAnswer({ schedules, cannot_tell }),
    comparison: wordComparison(facts.comparison),
  };
}
