import type { Ns, Share } from '#core/units';
import type { LaneGap, Loss } from '#diagnosis/lanes/loss';
import type { Activity } from '#trace/events/host-categories';

/** Share of a gap from which on an activity counts as what the gap was about: the larger half. */
const MAIN_SHARE: Share = 0.5;

/** How long the launching thread was seen while the gap was open. */
export const observed = (gap: LaneGap): Ns => [...gap.byActivity.values()].reduce((a, b) => a + b, 0);

/** True when the launching thread spent most of the gap in this activity. */
export const isMainly = (gap: LaneGap, activity: Activity): boolean => (gap.byActivity.get(activity) ?? 0) >= MAIN_SHARE * observed(gap);

/** True for a starved stretch in this activity, or anywhere in a gap that was mostly this activity: the moments between reads belong to the reading. */
export const starvedBy = (loss: Loss, activity: Activity): loss is Extract<Loss, { kind: 'starved' }> =>
  loss.kind === 'starved' && (loss.activity === activity || (loss.activity === 'own-code' && isMainly(loss.gap, activity)));
