import { analyzePipeline } from '#multi-gpu/pipeline/analyze-pipeline';
import { wordPipeline } from '#report/build/parallel/pipeline';
import type { Pipeline } from '#schema/pipeline';

/** A pipeline as the report tells it. */
export function toldPipeline(...asked: Parameters<typeof analyzePipeline>): Pipeline | undefined {
  const facts = analyzePipeline(...asked);
  return facts && wordPipeline(facts);
}
