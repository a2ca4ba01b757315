import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'paging',
  why: 'The lane was starved with the launching thread in no call, while the host took far more major page faults or swapped more than it normally did.',
  needs: ['kernel', 'api_call', 'host samples'],
  precedence: 80,
  attributeLoss(loss, { samples }) {
    if (loss.kind !== 'starved' || loss.activity !== 'own-code') return undefined;
    const pressure = samples.paging(loss.start, loss.end);
    return pressure === undefined ? undefined : { subject: pressure, confidence: 'medium' };
  },
});
