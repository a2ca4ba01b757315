import { defineDetector } from '../define.ts';

/** A launch that takes this long does more than launch: with lazy loading, the first launch of a kernel loads its module. */
const LOADING_LAUNCH_NS = 1_000_000;

export default defineDetector({
  cause: 'code-load',
  precedence: 20,
  attributeLoss(loss) {
    if (loss.kind !== 'starved' || loss.activity === 'profiler') return undefined;
    const { gap } = loss;
    const loads = gap.byActivity.has('code');
    // While other work holds the GPU, a launch may merely wait for a place in the queue.
    const lazy = gap.firstSeen && !gap.contended && (gap.byActivity.get('launch') ?? 0) >= LOADING_LAUNCH_NS;
    if (!loads && !lazy) return undefined;
    const subject =
      loss.activity === 'code' ? loss.call : loads ? 'host work around the loading of a library or module' : 'first launch of a kernel';
    return { subject, confidence: loads ? 'high' : 'medium' };
  },
});
