import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'input-wait',
  precedence: 55,
  attributeLoss(loss, { loader }) {
    if (loss.kind !== 'starved') return undefined;
    const worker = loss.via.length > 0 ? loader.nameOf(loss.root) : undefined;
    if (worker !== undefined) return { subject: `${worker}: ${loss.call || 'its own code'}`, confidence: 'high' };
    const kept = loss.activity === 'wait' ? loader.keptWaiting(loss.root, loss.start, loss.end) : undefined;
    if (kept === undefined) return undefined;
    const { worker: made } = kept;
    const behind = made === undefined ? '' : `; worker process ${made.pid} was in ${made.call || 'its own code'}`;
    return { subject: `${loss.call}, while ${kept.name} sat in ${kept.call}${behind}`, confidence: made === undefined ? 'medium' : 'high' };
  },
});
