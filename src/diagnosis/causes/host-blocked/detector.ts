import { defineDetector } from '../define.ts';
import { starvedBy } from '../gap.ts';

export default defineDetector({
  cause: 'host-blocked',
  why: 'The lane was starved and the launching thread sat in a lock, semaphore, condition, sleep or poll.',
  needs: ['kernel', 'api_call', 'os_call'],
  precedence: 60,
  attributeLoss: loss => (starvedBy(loss, 'wait') ? { subject: loss.call || 'between waits', confidence: 'high' } : undefined),
});
