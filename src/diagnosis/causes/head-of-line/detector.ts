import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'head-of-line',
  why: 'One engine step, the work between two results, was so long that on its own it made the requests behind it slow.',
  needs: ['kernel', 'memcpy', 'requests'],
  precedence: 85,
  attributeWork: work =>
    work.excess >= work.slowLimit ? { subject: `one long engine step, mostly ${work.longestKernel}`, confidence: 'high' } : undefined,
});
