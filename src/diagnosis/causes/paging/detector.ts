import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'paging',
  precedence: 80,
  attributeLoss(loss, { samples }) {
    if (loss.kind !== 'starved' || loss.activity !== 'own-code') return undefined;
    const pressure = samples.paging(loss.start, loss.end);
    return pressure === undefined ? undefined : { subject: pressure, confidence: 'medium' };
  },
});
