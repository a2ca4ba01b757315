import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'queueing',
  why: 'Requests waited for admission, or for their turn, while the device did its normal work.',
  needs: ['requests', 'steps'],
  precedence: 95,
  attributeWork: () => ({ subject: 'normal work of other requests', confidence: 'medium' }),
  ownsWaiting: true,
});
