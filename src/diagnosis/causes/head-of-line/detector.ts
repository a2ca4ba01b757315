import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'head-of-line',
  precedence: 85,
  attributeWork: work =>
    work.excess >= work.slowLimit ? { subject: `one long engine step, mostly ${work.longestKernel}`, confidence: 'high' } : undefined,
});
