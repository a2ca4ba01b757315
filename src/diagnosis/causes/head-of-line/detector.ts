import { defineDetector } from '../define.ts';

export default defineDetector({
  cause: 'head-of-line',
  precedence: 85,
  // Where collectives alone carry it beyond what this load ever asks for, they may have been slow.
  attributeWork: work =>
    work.excess >= work.slowLimit && work.computing > work.fence
      ? { subject: `one long engine step, mostly ${work.longestKernel}`, confidence: 'high' }
      : undefined,
});
