import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'queueing',
  precedence: 95,
  attributeWork: () => ({ subject: 'normal work of other requests', confidence: 'medium' }),
});
