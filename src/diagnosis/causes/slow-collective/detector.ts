import type { Share } from '#core/units';
import { defineDetector } from '../define.ts';

/** The larger half of a step's work. */
const MAIN_SHARE: Share = 0.5;

/**
 * Waits for a late rank are losses of their own: what is left of a collective is its transfer. How much it carried is not in the trace: it is known to have been slow
 * where the step computed no more than usual, so that there was no more to carry.
 */
export default defineDetector({
  cause: 'slow-collective',
  precedence: 84,
  attributeWork: work =>
    work.communicationShare >= MAIN_SHARE && work.computing <= work.usual
      ? { subject: `${work.longestKernel}, with no rank late`, confidence: 'medium' }
      : undefined,
});
