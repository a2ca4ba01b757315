import type { Share } from '#core/units';
import { defineDetector } from '../define.ts';

/** A host that does nothing after a synchronisation but launch again refills the queue well within this time. A longer gap has another reason. */
const RESTART_NS = 1_000_000;

/** Work launched one operation at a time, each waiting for the last: the larger half of the operations. */
const LOCKSTEP_SHARE: Share = 0.5;

export default defineDetector({
  cause: 'device-sync',
  precedence: 35,
  attributeLoss(loss) {
    if (loss.kind !== 'starved') return undefined;
    if (loss.activity === 'sync') return { subject: loss.call, confidence: 'high' };
    const restarting = loss.gap.afterNeedlessSync && loss.gap.end - loss.gap.start < RESTART_NS;
    return restarting ? { subject: 'queue refilled after a synchronisation', confidence: 'medium' } : undefined;
  },
  attributeWork: work =>
    work.lockstepShare >= LOCKSTEP_SHARE
      ? { subject: `a synchronisation after each operation, mostly ${work.longestKernel}`, confidence: 'medium' }
      : undefined,
});
