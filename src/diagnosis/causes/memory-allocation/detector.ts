import { defineDetector } from '../define.ts';
import { starvedBy } from '../gap.ts';

export default defineDetector({
  cause: 'memory-allocation',
  why: 'The lane was starved and the launching thread was allocating, freeing, mapping or registering memory.',
  needs: ['kernel', 'api_call'],
  precedence: 40,
  attributeLoss: loss => (starvedBy(loss, 'memory') ? { subject: loss.call || 'between allocations', confidence: 'high' } : undefined),
});
