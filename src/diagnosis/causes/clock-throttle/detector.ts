import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'clock-throttle',
  why: 'The same kernels took longer, as measured over all of them, while the SM clock was below what this GPU ran at otherwise.',
  needs: ['kernel', 'gpu samples'],
  precedence: 65,
  attributeLoss(loss, { samples }) {
    if ((loss.kind !== 'slow' && loss.kind !== 'queued') || !loss.byClock) return undefined;
    return { subject: samples.throttleReason(loss.start, loss.end), confidence: 'medium' };
  },
});
