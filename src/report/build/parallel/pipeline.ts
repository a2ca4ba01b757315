import type { PipelineFacts } from '#multi-gpu/pipeline/facts';
import type { Pipeline } from '#schema/pipeline';
import { wordComparison } from './comparison.ts';
import { pipelineAnswer } from './pipeline-answer.ts';

/** The pipeline of a report: what was reconstructed, and what that says. */
export const wordPipeline = (facts: PipelineFacts): Pipeline => ({
  ...facts,
  answer: pipelineAnswer(facts),
  comparison: wordComparison(facts.comparison),
});
