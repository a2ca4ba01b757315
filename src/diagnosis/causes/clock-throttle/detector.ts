import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'clock-throttle',
  precedence: 65,
  attributeLoss(loss, { samples }) {
    if ((loss.kind !== 'slow' && loss.kind !== 'queued') || !loss.byClock) return undefined;
    const followsWork = samples.isPowerCapped(loss.start, loss.end);
    return { subject: samples.throttleReason(loss.start, loss.end), confidence: 'medium', followsWork };
  },
});
