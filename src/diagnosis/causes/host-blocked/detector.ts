import { defineDetector } from '../define.ts';
import { starvedBy } from '../gap.ts';

export default defineDetector({
  cause: 'host-blocked',
  precedence: 60,
  attributeLoss: loss => (starvedBy(loss, 'wait') ? { subject: loss.call || 'between waits', confidence: 'high' } : undefined),
});
