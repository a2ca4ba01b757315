import { describeCopy } from '#trace/events/trace-facts';
import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'blocking-copy',
  precedence: 30,
  attributeLoss(loss, { checkpoint, copyOf }) {
    const behind = loss.kind === 'queued' && loss.behind?.what === 'copy' ? loss.behind : undefined;
    if (loss.kind !== 'copy' && behind === undefined && !(loss.kind === 'starved' && loss.activity === 'copy')) return undefined;
    if (checkpoint(loss.start, loss.end) !== undefined) return { subject: 'checkpoint: copies to the host', confidence: 'high' };
    if (loss.kind === 'copy') return { subject: describeCopy(loss), confidence: 'high' };
    if (behind !== undefined) return { subject: `${describeCopy(copyOf(behind.op))} on stream ${behind.stream}`, confidence: 'high' };
    return { subject: loss.kind === 'starved' ? loss.call : '', confidence: 'medium' };
  },
});
