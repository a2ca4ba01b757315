import { defineDetector } from '../define.ts';
import { starvedBy } from '../gap.ts';

export default defineDetector({
  cause: 'storage-io',
  why: 'The lane was starved and the launching thread was reading, writing or syncing files.',
  needs: ['kernel', 'api_call', 'os_call'],
  helps: { 'host samples': "the disk's own counters would confirm it" },
  precedence: 50,
  attributeLoss(loss, { samples }) {
    if (!starvedBy(loss, 'storage')) return undefined;
    return { subject: loss.call || 'between file operations', confidence: samples.diskBusy(loss.start, loss.end) ? 'high' : 'medium' };
  },
});
