import { defineDetector } from '../define.ts';

/** The rest of starvation: the thread is awake and in no call that explains it. */
export default defineDetector({
  cause: 'host-compute',
  precedence: 90,
  attributeLoss(loss, { hasOsCalls }) {
    if (loss.kind !== 'starved' || !['own-code', 'launch', 'other-cuda', 'other-os'].includes(loss.activity)) return undefined;
    return {
      subject: loss.call === '' ? 'its own code, between CUDA calls' : `around ${loss.call}`,
      confidence: hasOsCalls ? 'high' : 'low',
    };
  },
});
