import type { Pipeline } from '#schema/pipeline';
import type { ComparedSchedules } from './compare.ts';

/** A pipeline as it was reconstructed; the report puts it into words. */
export interface PipelineFacts extends Omit<Pipeline, 'answer' | 'comparison'> {
  /** The schedules of the run beside one another. */
  readonly comparison: readonly ComparedSchedules[];
}
