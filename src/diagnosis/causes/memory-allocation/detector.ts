import { defineDetector } from '../define.ts';
import { starvedBy } from '../gap.ts';

export default defineDetector({
  cause: 'memory-allocation',
  precedence: 40,
  attributeLoss: loss => (starvedBy(loss, 'memory') ? { subject: loss.call || 'between allocations', confidence: 'high' } : undefined),
});
