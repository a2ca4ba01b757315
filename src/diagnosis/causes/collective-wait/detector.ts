import { defineDetector } from '../define.ts';

/** The comparison of the ranks has found who was late and why; here that becomes the delay of those who waited. */
export default defineDetector({
  cause: 'collective-wait',
  precedence: 15,
  attributeLoss: loss =>
    loss.kind === 'spin'
      ? {
          subject: `${loss.wait.rank} was late: ${loss.wait.cause} (${loss.wait.why})`,
          confidence: loss.wait.cause === 'unexplained' ? 'medium' : 'high',
        }
      : undefined,
});
