import { defineDetector } from '../define.ts';

/** A lowered clock slows most kernels; a single long kernel is a larger piece of work. */
const COMMON = 0.5;

export default defineDetector({
  cause: 'clock-throttle',
  why: 'The same kernels took longer while the SM clock was below what this GPU ran at otherwise.',
  needs: ['kernel', 'gpu samples'],
  precedence: 65,
  claimLoss(loss, { samples }) {
    if (loss.kind !== 'slow' || !loss.byClock || loss.slowAround < COMMON) return undefined;
    return { subject: samples.throttleReason(loss.start, loss.end), confidence: 'medium' };
  },
});
