import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Ns, Share } from '#core/units';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES } from '#trace/events/host-categories';
import type { ThreadCalls } from '#trace/events/thread-activity';
import { type LostBeats, lostBeats } from './beats.ts';

/**
 * Why calls into the operating system cannot be believed: they are not on the clock of the CUDA calls, end before those do, or some are missing from
 * trains of waits. Times since the session began.
 */
export type DoubtfulOsCalls =
  | LostBeats
  | { readonly why: 'order'; readonly n: number; readonly broken: number }
  | { readonly why: 'end'; readonly end: Ns; readonly othersEnd: Ns; readonly longestSilence: Ns };

/** Both are stamped on one CPU; in 26 captures none of 500,000 CUDA calls began inside a call into the operating system of its own thread. */
const SLACK_NS: Ns = 10_000;
const IN_ANY_TRACE: Share = 0.01;
const A_FEW = 2;
/**
 * Of calls at random moments the last pause is twice as long as any of n others in 2/((n+1)(n+2)) of all traces (exponential pauses; the
 * expectation of exp(-2 M) over their maximum M): one in a hundred for 13.
 */
const FEWEST_CALLS = 13;
const LONGER = 2;
/** Into so many parts a trace is cut to see in which of them anybody called. */
const PARTS = 1000;

/** Runtime and driver, as nsys names them. */
const CUDA_CALL = /^cu(da)?[A-Z]/;
const PROFILER = ACTIVITIES.indexOf('profiler');

/** Calls of a thread, each with whether it is CUDA's; the profiler's own are left out. */
function each(calls: ThreadCalls, isCuda: (nameId: number) => boolean, visit: (cuda: boolean, start: Ns, end: Ns) => void): void {
  for (let i = 0; i < calls.n; i++)
    if (calls.activity[i] !== PROFILER) visit(isCuda(intAt(calls.nameId, i)), realAt(calls.start, i), realAt(calls.end, i));
}

/** How many CUDA calls of a thread began while a call into the operating system of the same thread went on. */
function inside(calls: ThreadCalls, isCuda: (nameId: number) => boolean): { readonly n: number; readonly broken: number } {
  let [n, broken, until] = [0, 0, Number.NEGATIVE_INFINITY];
  each(calls, isCuda, (cuda, start, end) => {
    if (!cuda) until = Math.max(until, end);
    else {
      n++;
      if (until > start + SLACK_NS) broken++;
    }
  });
  return { n, broken };
}

/** When calls into the operating system end for good while CUDA calls go on, in a trace that was never half as long without one. */
function earlyEnd(all: readonly ThreadCalls[], isCuda: (nameId: number) => boolean): DoubtfulOsCalls | undefined {
  const from = Math.min(...all.flatMap(c => (c.n > 0 ? [realAt(c.start, 0)] : [])));
  const to = Math.max(...all.flatMap(c => (c.n > 0 ? [realAt(c.start, c.n - 1)] : [])));
  if (!(to > from)) return undefined;
  const part = (to - from) / PARTS;
  const called = new Uint8Array(PARTS + 1);
  let [n, end, othersEnd] = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const calls of all)
    each(calls, isCuda, (cuda, start, until) => {
      if (cuda) othersEnd = Math.max(othersEnd, start);
      else {
        n++;
        end = Math.max(end, until);
        called.fill(1, Math.floor((start - from) / part), Math.min(PARTS, Math.floor((until - from) / part)) + 1);
      }
    });
  const longestSilence = longestRun(called.subarray(called.indexOf(1), called.lastIndexOf(1) + 1)) * part;
  return n >= FEWEST_CALLS && othersEnd - end > LONGER * (longestSilence + part)
    ? { why: 'end', end, othersEnd, longestSilence }
    : undefined;
}

/** The longest run of parts in which nobody called. */
function longestRun(called: Uint8Array): number {
  let [longest, run] = [0, 0];
  for (const one of called) {
    run = one === 1 ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/**
 * Finds out whether calls into the operating system agree with the CUDA calls of the same threads: a thread that waits in one makes no other,
 * and a process whose threads made hundreds does not stop while it goes on launching.
 */
export function doubtfulOsCalls(host: HostCalls): DoubtfulOsCalls | undefined {
  const { api, threads, callsOf, nameOf, hasOsCalls } = host;
  if (!hasOsCalls) return undefined;
  const known = new Map<number, boolean>();
  const isCuda = (nameId: number): boolean => getOrCompute(known, nameId, () => CUDA_CALL.test(nameOf(nameId)));
  const launching = [...new Set(api.thread)].filter(t => threads[t] !== undefined);
  const counts = launching.map(t => inside(callsOf(t), isCuda));
  const [n, broken] = [counts.reduce((s, t) => s + t.n, 0), counts.reduce((s, t) => s + t.broken, 0)];
  if (broken > Math.max(A_FEW, IN_ANY_TRACE * n)) return { why: 'order', n, broken };
  const processes = new Set(launching.map(t => threads[t]?.process));
  const early = earlyEnd(
    threads.flatMap(({ process }, t) => (processes.has(process) ? [callsOf(t)] : [])),
    isCuda,
  );
  return early ?? lostBeats(host, isCuda);
}
