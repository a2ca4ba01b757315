import { defineDetector } from '../define.ts';

/** A slow kernel that shared the GPU for at least this part of its run was slowed by its company. */
const SHARED = 0.2;
/** Launch latency is a few microseconds, some tens under load; queued work that has not begun after this is held back by something. */
const HELD_BACK_NS = 100_000;
const UNSEEN = 'work that this trace does not show (another process or container)';
/** Something that slows the GPU slows most kernels; a single long kernel is a larger amount of work. */
const COMMON = 0.5;

export default defineDetector({
  cause: 'gpu-contention',
  precedence: 70,
  attributeLoss(loss, { foreignWork, samples, oneStream }) {
    if (loss.kind === 'queued' && loss.foreign) return { subject: foreignWork(loss.start, loss.end), confidence: 'high' };
    // On a lane of one stream nothing of its own can hold queued work back, so another context must have had the GPU; unless it was made to
    // wait for another stream.
    if (loss.kind === 'queued')
      return oneStream && loss.behind === undefined && !loss.waitsUnseen && loss.end - loss.start >= HELD_BACK_NS
        ? { subject: UNSEEN, confidence: 'low' }
        : undefined;
    if (loss.kind !== 'slow') return undefined;
    if (loss.foreignShare >= SHARED) return { subject: foreignWork(loss.start, loss.end), confidence: 'high' };
    // Nothing else is left: the clock was measured and was not down, so something this trace does not see held the GPU.
    const allSlow = loss.slowAround >= COMMON && loss.foreignShare === 0;
    return allSlow && samples.clockLoss(loss.start, loss.end) === 0 ? { subject: UNSEEN, confidence: 'low' } : undefined;
  },
});
