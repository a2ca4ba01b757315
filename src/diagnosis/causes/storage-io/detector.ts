import { defineDetector } from '../define.ts';
import { starvedBy } from '../gap.ts';

export default defineDetector({
  cause: 'storage-io',
  precedence: 50,
  attributeLoss(loss, { samples }) {
    if (!starvedBy(loss, 'storage')) return undefined;
    return { subject: loss.call || 'between file operations', confidence: samples.diskBusy(loss.start, loss.end) ? 'high' : 'medium' };
  },
});
