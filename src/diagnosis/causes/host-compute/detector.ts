import { defineDetector } from '../define.ts';

/** The rest of starvation: the thread is awake and in no call that explains it. */
export default defineDetector({
  cause: 'host-compute',
  why: 'The lane was starved and the launching thread was in no CUDA call that waits and in no blocking system call.',
  needs: ['kernel', 'api_call'],
  helps: { os_call: 'without calls into the operating system (-t osrt) a computing thread and a waiting one look alike' },
  precedence: 90,
  attributeLoss(loss, { hasOsCalls }) {
    if (loss.kind !== 'starved' || !['own-code', 'launch', 'other-cuda', 'other-os'].includes(loss.activity)) return undefined;
    return {
      subject: loss.call === '' ? 'its own code, between CUDA calls' : `around ${loss.call}`,
      confidence: hasOsCalls ? 'high' : 'low',
    };
  },
});
