import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'input-wait',
  precedence: 55,
  attributeLoss(loss, { loader }) {
    if (loss.kind !== 'starved') return undefined;
    const worker = loss.via.length > 0 ? loader.nameOf(loss.root) : undefined;
    if (worker !== undefined) return { subject: `${worker}: ${loss.call || 'its own code'}`, confidence: 'high' };
    const kept = loss.activity === 'wait' ? loader.keptWaiting(loss.root, loss.start, loss.end) : undefined;
    return kept && { subject: `${loss.call}, while ${kept.name} sat in ${kept.call}`, confidence: 'medium' };
  },
});
