import { intAt, realAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES } from '#trace/events/host-categories';
import type { ThreadCalls } from '#trace/events/thread-activity';

/** Why calls into the operating system cannot be believed: they are not on the clock of the CUDA calls, or end before those do. Times since the session began. */
export type DoubtfulOsCalls =
  | { readonly why: 'order'; readonly n: number; readonly broken: number }
  | { readonly why: 'end'; readonly end: Ns; readonly othersEnd: Ns; readonly longestSilence: Ns };

/** Both are stamped on one CPU; in 26 captures none of 500,000 CUDA calls began inside a call into the operating system of its own thread. */
const SLACK_NS: Ns = 10_000;
const IN_ANY_TRACE: Share = 0.01;
const A_FEW = 2;
/** Of so many pauses that are all alike the last is the longest by chance once in a hundred; and hardly ever twice as long as any other. */
const FEWEST_CALLS = 100;
const LONGER = 2;

const PROFILER = ACTIVITIES.indexOf('profiler');

/** What is known of the calls of one thread into the operating system, beside its CUDA calls. */
interface Seen {
  cudaCalls: number;
  /** CUDA calls that began while a call into the operating system of the same thread went on. */
  inside: number;
  osCalls: number;
  lastOs: Ns;
  longestSilence: Ns;
  lastCuda: Ns;
}

function look(calls: ThreadCalls, isCuda: (nameId: number) => boolean): Seen {
  const seen: Seen = {
    cudaCalls: 0,
    inside: 0,
    osCalls: 0,
    lastOs: Number.NEGATIVE_INFINITY,
    longestSilence: 0,
    lastCuda: Number.NEGATIVE_INFINITY,
  };
  let osUntil = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < calls.n; i++) {
    if (calls.activity[i] === PROFILER) continue;
    const [start, end] = [realAt(calls.start, i), realAt(calls.end, i)];
    if (isCuda(intAt(calls.nameId, i))) {
      seen.cudaCalls++;
      seen.lastCuda = start;
      if (osUntil > start + SLACK_NS) seen.inside++;
    } else {
      if (seen.osCalls > 0) seen.longestSilence = Math.max(seen.longestSilence, start - seen.lastOs);
      seen.osCalls++;
      seen.lastOs = Math.max(seen.lastOs, end);
      osUntil = Math.max(osUntil, end);
    }
  }
  return seen;
}

/**
 * Finds out whether calls into the operating system agree with the CUDA calls of the same threads: a thread that waits in one makes no other,
 * and one that made hundreds does not stop while it goes on launching.
 */
export function doubtfulOsCalls({ api, threads, callsOf, nameOf, hasOsCalls }: HostCalls): DoubtfulOsCalls | undefined {
  if (!hasOsCalls) return undefined;
  const known = new Map<number, boolean>();
  const isCuda = (nameId: number): boolean => {
    const before = known.get(nameId);
    if (before !== undefined) return before;
    const is = /^cu[A-Z]|^cuda[A-Z]/.test(nameOf(nameId));
    known.set(nameId, is);
    return is;
  };
  const all = [...new Set(api.thread)].filter(t => threads[t] !== undefined).map(t => look(callsOf(t), isCuda));
  const [n, broken] = [all.reduce((s, t) => s + t.cudaCalls, 0), all.reduce((s, t) => s + t.inside, 0)];
  if (broken > Math.max(A_FEW, IN_ANY_TRACE * n)) return { why: 'order', n, broken };
  const busiest = all.toSorted((a, b) => b.osCalls - a.osCalls)[0];
  if (busiest === undefined || busiest.osCalls < FEWEST_CALLS) return undefined;
  const { lastOs: end, lastCuda: othersEnd, longestSilence } = busiest;
  return othersEnd - end > LONGER * longestSilence ? { why: 'end', end, othersEnd, longestSilence } : undefined;
}
