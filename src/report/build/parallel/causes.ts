import { CAUSE_TEXT } from '#schema/causes';
import type { Collectives } from '#schema/collectives';
import type { Pipeline } from '#schema/pipeline';
import type { RankedCause } from '#schema/report';
import { LAUNCH_BOUND } from '../launch-bound.ts';
import { collectiveCauses } from './collective-causes.ts';
import { pipelineCauses } from './pipeline-causes.ts';

/** What the devices lost to one another, as causes of the report, the costliest first. */
export function parallelCauses(pipeline: Pipeline | null, collectives: Collectives | null): RankedCause[] {
  const stalls =
    pipeline === null ? [] : pipelineCauses(pipeline).flatMap(c => (c.cause === 'unexplained' ? [] : [{ ...c, cause: c.cause }]));
  const waits = collectives === null ? [] : collectiveCauses(collectives);
  return [...stalls, ...waits]
    .sort((a, b) => b.ms - a.ms)
    .map((c, k) => ({
      cause: c.cause,
      rank: k + 1,
      scope: 'chronic' as const,
      excess_ms: c.ms,
      share: c.share,
      p99_without_ms: null,
      confidence: 'medium' as const,
      why_confidence: 'It follows from when each device worked and what it waited for.',
      subject: c.subject,
      root: null,
      incidents: [],
      evidence: [],
      ...('isLaunchBound' in c && c.isLaunchBound
        ? { advice: LAUNCH_BOUND.ofPipelines, action: LAUNCH_BOUND.action }
        : { advice: CAUSE_TEXT[c.cause].advice }),
      ...('action' in c && c.action !== null ? { action: c.action } : {}),
    }));
}
