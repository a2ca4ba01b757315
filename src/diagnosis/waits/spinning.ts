import { byteAt, intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { lazily } from '#core/lazily';
import { coverage, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES, type Activity } from '#trace/events/host-categories';
import type { ThreadCalls } from '#trace/events/thread-activity';
import { ALL_THE_TIME, LEAST_SPIN_NS } from './limits.ts';
import { waitFamily } from './wait-calls.ts';

/** Calls that are work of their thread's own and take as long as that: nobody else ends them. */
const WORK: ReadonlySet<Activity> = new Set<Activity>(['storage', 'memory', 'code']);

/** Time that a thread spent in calls that are work, and in these and in waits, in [from, to). */
interface InCalls {
  readonly atWork: (from: Ns, to: Ns) => Ns;
  readonly inCalls: (from: Ns, to: Ns) => Ns;
}

/**
 * Tells for whom a thread spun. A spinning thread leaves no row, so its wait looks like computing. It is a wait where one thread alone of all others was in calls that are
 * work, or waited and then was, for as long: from when the stretch began until it was over, and neither before nor after. Two edges that both meet by chance, once in a
 * capture, are no coincidence to reckon with; and who computes while another reads would need to begin and to end with it.
 */
export function spinning(host: HostCalls): (thread: number, from: Ns, to: Ns) => number | undefined {
  const others = lazily(() => {
    // The threads that never called into CUDA are known once the calls of any thread were asked for.
    host.callsOf(0);
    return [...host.threads.keys()];
  });
  const times = new Map<number, InCalls>();
  const timesOf = (thread: number) => getOrCompute(times, thread, () => timesIn(host.callsOf(thread), host.nameOf));
  return (thread, from, to) => {
    const length = to - from;
    if (length < LEAST_SPIN_NS) return undefined;
    const rest = (1 - ALL_THE_TIME) * length;
    const found = others().filter(t => {
      if (t === thread) return false;
      const { atWork, inCalls } = timesOf(t);
      if (atWork(from, to) < LEAST_SPIN_NS * ALL_THE_TIME || inCalls(from, to) < length - rest) return false;
      return inCalls(from - 2 * rest, from - rest) <= rest / 2 && inCalls(to + rest, to + 2 * rest) <= rest / 2;
    });
    return found.length === 1 ? found[0] : undefined;
  };
}

function timesIn(calls: ThreadCalls, nameOf: (nameId: number) => string): InCalls {
  const isWait = new Map<number, boolean>();
  const work: (readonly [Ns, Ns])[] = [];
  const all: (readonly [Ns, Ns])[] = [];
  for (let i = 0; i < calls.n; i++) {
    const activity = ACTIVITIES[byteAt(calls.activity, i)];
    if (activity === undefined || !(WORK.has(activity) || activity === 'wait')) continue;
    const id = intAt(calls.nameId, i);
    const span = [realAt(calls.start, i), realAt(calls.end, i)] as const;
    all.push(span);
    // A plain read may be of a pipe, and then it waits.
    if (!getOrCompute(isWait, id, () => activity === 'wait' || waitFamily(nameOf(id)) !== undefined)) work.push(span);
  }
  return { atWork: coverage(spansOf(work)), inCalls: coverage(spansOf(all)) };
}
