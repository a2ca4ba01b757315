import { type DetectorContext, defineDetector } from '../define.ts';

/** What the worker process behind a wait did, as the end of a sentence; '' where the trace holds no call of one. */
function behind(loader: DetectorContext['loader'], from: number, to: number): string {
  const worker = loader.workerBehind(from, to);
  if (worker === undefined) return '';
  const { pid, activity, call } = worker;
  return `; worker process ${pid} was in ${call === '' ? 'its own code' : `${call} (${activity})`}`;
}

export default defineDetector({
  cause: 'input-wait',
  precedence: 55,
  attributeLoss(loss, { loader }) {
    if (loss.kind !== 'starved') return undefined;
    const { start, end, activity, call } = loss;
    const led = loss.via.length > 0 ? loader.nameOf(loss.root) : undefined;
    if (led !== undefined) {
      const more = activity === 'wait' ? behind(loader, start, end) : '';
      return { subject: `${led}: ${call || 'its own code'}${more}`, confidence: 'high' };
    }
    const kept = activity === 'wait' ? loader.keptWaiting(loss.root, start, end) : undefined;
    if (kept === undefined) return undefined;
    const more = behind(loader, start, end);
    return { subject: `${call}, while ${kept.name} sat in ${kept.call}${more}`, confidence: more === '' ? 'medium' : 'high' };
  },
  // Only its name tells a loader's thread: a thread without one may be it.
  mayBe: (loss, { loader }) =>
    loss.kind === 'starved' &&
    ((loss.via.length > 0 && loader.isUnnamed(loss.root)) ||
      (loss.activity === 'wait' && loader.mayHaveKept(loss.root, loss.start, loss.end))),
});
