import { defineDetector } from '../define.ts';

/** A launch that takes this long does more than launch: with lazy loading, the first launch of a kernel loads its module. */
const LOADING_LAUNCH_NS = 1_000_000;
/** A look-up of what is loaded already takes a microsecond or a few, and explains no more than itself; a load takes tens of them at the least. */
const LOAD_NS = 20_000;

export default defineDetector({
  cause: 'code-load',
  precedence: 20,
  attributeLoss(loss) {
    if (loss.kind !== 'starved' || loss.activity === 'profiler') return undefined;
    const { gap } = loss;
    const code = gap.byActivity.get('code') ?? 0;
    // A compiler's work around a load is own code.
    const isAround = loss.activity === 'own-code' && code >= (gap.firstSeen ? 1 : LOAD_NS);
    const loads = loss.activity === 'code' || isAround;
    // While other work holds the GPU, a launch may merely wait for a place in the queue.
    // A wait that is known to have been for somebody else than the compiler leads to that one.
    const compiles =
      gap.codeFollows &&
      (loss.activity === 'own-code' ||
        loss.activity === 'other-os' ||
        (loss.activity === 'wait' && loss.via.every(w => w.rule === 'driver')));
    if (!loads && compiles) return { subject: 'run-time compilation', confidence: 'medium' };
    const lazy = loss.activity === 'launch' && gap.firstSeen && !gap.contended && (gap.byActivity.get('launch') ?? 0) >= LOADING_LAUNCH_NS;
    if (!loads && !lazy) return undefined;
    const subject =
      loss.activity === 'code' ? loss.call : isAround ? 'host work around the loading of a library or module' : 'first launch of a kernel';
    return { subject, confidence: loads ? 'high' : 'medium' };
  },
});
