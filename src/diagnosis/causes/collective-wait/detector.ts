import { defineDetector } from '../define.ts';

/** The comparison of the ranks has found who was late and why; here that becomes the delay of those who waited. */
export default defineDetector({
  cause: 'collective-wait',
  why: 'A collective of the lane spun until a rank came that was later than the scatter of all entries explains.',
  needs: ['kernel', 'ranks'],
  helps: { os_call: 'without calls into the operating system (-t osrt) what kept the late rank may not be known' },
  precedence: 15,
  attributeLoss: loss =>
    loss.kind === 'spin'
      ? {
          subject: `${loss.wait.rank} was late: ${loss.wait.cause} (${loss.wait.why})`,
          confidence: loss.wait.cause === 'unexplained' ? 'medium' : 'high',
        }
      : undefined,
});
