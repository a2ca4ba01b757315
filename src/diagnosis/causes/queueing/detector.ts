import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'queueing',
  precedence: 95,
  // More work than that is not normal, and nobody is known to have asked for it.
  attributeWork: work => (work.excess < work.slowLimit ? { subject: 'normal work of other requests', confidence: 'medium' } : undefined),
});
