import type { Ms, Ns } from '#core/units';
import { CAUSES_BY_FLAG } from '#schema/causes';
import type { Bucket } from './buckets.ts';
import { type EngineSteps, usualLosses } from './engine-steps.ts';
import { mainBucket, makeUp, type Stall } from './stalls.ts';

/**
 * A thread that must share its core gets it back after a round of the scheduler: with three others of its kind that is three slices of 3 ms
 * (Linux: sched_min_granularity and base_slice on hosts of eight cores and more). Less than that happens to every server and is nobody's fault.
 */
export const ROUND_OF_SCHEDULER_MS: Ms = 10;

const SUSTAINED: ReadonlySet<Bucket> = new Set<Bucket>(CAUSES_BY_FLAG.sustained);

/**
 * The least delay that counts: more than a round of the scheduler, than the pause that requests meet anyway while prompts of others are worked
 * on, and than the clocks of requests and trace are apart: whom a shorter one delayed is not known.
 */
export const leastDelay = (steps: EngineSteps): Ns => Math.max(ROUND_OF_SCHEDULER_MS * 1e6, steps.normal.pause, steps.stampErrorNs);

/** Whether a stall is more than the noise of its steps, and long enough to count. */
export function isIncident(steps: EngineSteps, stall: Stall): boolean {
  const least = leastDelay(steps);
  if (stall.excess < least) return false;
  // A cause that slows many steps a little is judged by what it took in all; any other by its worst step.
  if (SUSTAINED.has(mainBucket(steps, stall.first, stall.last).bucket)) return true;
  for (let i = stall.first; i <= stall.last; i++) {
    const extreme = usualLosses(steps, i).extreme;
    // Work beyond the fence is out of the ordinary already.
    for (const [bucket, ns] of makeUp(steps, i)) if (ns >= Math.max(least, bucket === 'work' ? 0 : extreme)) return true;
  }
  return false;
}
