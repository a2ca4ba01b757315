import type { Share } from '#core/units';
import { defineDetector } from '../define.ts';

/** More work is more computing: where collectives are the larger half of what a step holds beyond the usual, they may have been slow. */
const MAIN_SHARE: Share = 0.5;

export default defineDetector({
  cause: 'head-of-line',
  precedence: 85,
  // Work of the same process that an event put before the lane's own.
  attributeLoss: (loss, { describe }) =>
    loss.kind === 'queued' && loss.behind?.what === 'work'
      ? { subject: `${describe(loss.behind.op)} on stream ${loss.behind.stream}`, confidence: 'high' }
      : undefined,
  attributeWork: work =>
    work.excess >= work.slowLimit && work.computing - work.usual >= MAIN_SHARE * work.excess
      ? { subject: `one long engine step, mostly ${work.longestKernel}`, confidence: 'high' }
      : undefined,
});
