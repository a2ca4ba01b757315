import type { Ns, Share } from '#core/units';
import type { LaneGap, Loss } from '#diagnosis/lanes/loss';
import type { Activity } from '#trace/events/host-categories';

/** Share of a gap from which on an activity counts as what the gap was about: the larger half. */
const MAIN_SHARE: Share = 0.5;

/** How long the launching thread was seen while the gap was open. */
export const observed = (gap: LaneGap): Ns => [...gap.byActivity.values()].reduce((a, b) => a + b, 0);

/** True when the launching thread spent most of the gap in this activity. */
export const isMainly = (gap: LaneGap, activity: Activity): boolean => (gap.byActivity.get(activity) ?? 0) >= MAIN_SHARE * observed(gap);

/**
 * Own code is the absence of a call, and not all that belongs to a call is in one: page faults on a fresh buffer, copies out of the page cache,
 * calls that the profiler does not wrap. Where calls of one activity hold a third of the time that the thread was awake, half of which is doubtful at most,
 * what has evidence has the rest as well.
 */
const EVIDENT_SHARE: Share = 1 / 3;

/** True for a starved stretch in this activity, or in no call in a gap in which the thread, while awake, did this for a good part: the moments between reads belong to the reading. */
export function starvedBy(loss: Loss, activity: Activity): loss is Extract<Loss, { kind: 'starved' }> {
  if (loss.kind !== 'starved') return false;
  if (loss.activity === activity) return true;
  const own = loss.gap.byActivity.get('own-code') ?? 0;
  const evident = loss.gap.byActivity.get(activity) ?? 0;
  // A thread that waits computes nothing: what it did before and after is its own.
  return loss.activity === 'own-code' && activity !== 'wait' && evident >= EVIDENT_SHARE * (own + evident);
}
