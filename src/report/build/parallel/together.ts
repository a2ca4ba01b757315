import type { Parallel } from '#multi-gpu/parallel';
import type { Collectives } from '#schema/collectives';
import type { Pipeline } from '#schema/pipeline';
import type { RankedCause } from '#schema/report';
import { parallelCauses } from './causes.ts';
import { wordCollectives } from './collectives.ts';
import { wordPipeline } from './pipeline.ts';

/** What several devices did together, in the report's words. */
export interface Together {
  readonly pipeline: Pipeline | null;
  readonly collectives: Collectives | null;
  readonly causes: readonly RankedCause[];
  /** Calls into the operating system were recorded of no late rank: whether its thread computed or waited is open. */
  readonly lacksOsCalls: boolean;
}

/** Puts what the devices did together into words. */
export function wordTogether(parallel: Parallel): Together {
  const pipeline = parallel.pipeline === null ? null : wordPipeline(parallel.pipeline);
  const collectives = parallel.collectives === null ? null : wordCollectives(parallel.collectives);
  return {
    pipeline,
    collectives,
    causes: parallelCauses(pipeline, collectives),
    lacksOsCalls: parallel.collectives?.limits.lacksOsCalls === true,
  };
}
