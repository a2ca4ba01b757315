import { defineDetector } from '../define.ts';
import { starvedBy } from '../gap.ts';

export default defineDetector({
  cause: 'storage-io',
  precedence: 50,
  attributeLoss(loss, { samples, checkpoint }) {
    if (loss.kind !== 'starved') return undefined;
    const { activity, start, end, call } = loss;
    const isStorage = starvedBy(loss, 'storage');
    // What is copied to the host is put into the form of the file between the calls that write it: that is the writing of a checkpoint too.
    const saved = isStorage || activity === 'own-code' ? checkpoint(start, end) : undefined;
    if (!isStorage && saved === undefined) return undefined;
    const confidence = samples.diskBusy(start, end) ? 'high' : 'medium';
    return {
      subject: saved === undefined ? call || 'its own code between two file operations' : 'checkpoint: serialising and writing',
      confidence,
    };
  },
});
