import { defineDetector } from '../define.ts';

/** A host function that returns at once holds nobody up: it takes the driver tens of microseconds to run one. */
const HELD_BACK_NS = 100_000;

export default defineDetector({
  cause: 'host-callback',
  precedence: 68,
  attributeLoss: loss =>
    loss.kind === 'queued' && loss.hostFunction !== '' && !loss.foreign && loss.end - loss.start >= HELD_BACK_NS
      ? { subject: loss.hostFunction, confidence: 'medium' }
      : undefined,
});
