import { realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { lazily } from '#core/lazily';
import type { Ns } from '#core/units';
import type { HostCalls } from '#trace/events/host-calls';
import { type BusyThroughout, busyThroughout } from './busy-threads.ts';
import { type ThreadEdges, threadEdges } from './edge-trains.ts';
import { WAKE_NS } from './limits.ts';
import { actedAt, isLate, isUsual, type Partner, partnersOf, type WaitClass } from './partners.ts';
import type { OnCpu, Scheduler } from './scheduler.ts';
import { staysInProcess } from './wait-calls.ts';
import { type ThreadWaits, threadWaits } from './wait-classes.ts';

/**
 * How it is known who ended a wait.
 * - wake, rhythm: its usual partner did then what it usually does then
 * - late: its usual partner worked for longer than usual, since it came from waiting or ever since the wait began
 * - busy: alone of all threads that it has to do with, this one was busy all the time
 * - driver: a thread of a pool waited for the one that drives its lane
 * - spin: it was in no call, as long as another alone was at work in calls of its own
 */
export type EnderRule = Partner['rule'] | 'late' | 'busy' | 'driver' | 'spin';

/** Who ended one wait. */
export interface Ender {
  readonly thread: number;
  readonly rule: EnderRule;
  /** When it did what ended the wait, or that end. */
  readonly acted: Ns;
}

/** Who ends whose waits, learned of a thread when it is first asked about. */
export interface KnownPartners {
  /** Who ended one wait, by its index in the thread's calls; undefined where that is not known. */
  readonly enderOf: (thread: number, row: number) => Ender | undefined;
  /** All that end a thread's waits of one call. */
  readonly ofCall: (thread: number, call: string) => readonly Partner[];
  readonly waitsOf: (thread: number) => ThreadWaits;
  readonly onCpu: (thread: number) => OnCpu | undefined;
}

/** What each thread did, read when it is first asked for. */
interface Threads {
  /** Threads with calls, and the time that the trace covers. */
  readonly all: () => { readonly threads: readonly number[]; readonly start: Ns; readonly end: Ns };
  readonly processOf: (thread: number) => number;
  readonly onCpu: (thread: number) => OnCpu | undefined;
  readonly edgesOf: (thread: number) => ThreadEdges;
  readonly waitsOf: (thread: number) => ThreadWaits;
  readonly busyOf: (thread: number) => BusyThroughout;
}

function threadsOf(host: HostCalls, scheduler: Scheduler | undefined): Threads {
  const all = lazily(() => {
    let start = Number.POSITIVE_INFINITY;
    let end = Number.NEGATIVE_INFINITY;
    // The threads that never called into CUDA are known once the calls of any thread were asked for.
    host.callsOf(0);
    const threads = [...host.threads.keys()].filter(t => {
      const calls = host.callsOf(t);
      if (calls.n === 0) return false;
      start = Math.min(start, realAt(calls.start, 0));
      end = Math.max(end, realAt(calls.endSoFar, calls.n - 1));
      return true;
    });
    return { threads, start, end };
  });
  const processOf = (t: number) => host.threads[t]?.process ?? Number.NaN;
  const onCpu = (t: number) => {
    const thread = host.threads[t];
    return thread === undefined ? undefined : scheduler?.onCpu(thread);
  };
  const edges = new Map<number, ThreadEdges>();
  const edgesOf = (t: number) => getOrCompute(edges, t, () => threadEdges(host.callsOf(t), host.nameOf));
  const waits = new Map<number, ThreadWaits>();
  const waitsOf = (t: number) => getOrCompute(waits, t, () => threadWaits(host.callsOf(t), host.nameOf));
  const busy = new Map<number, BusyThroughout>();
  const busyOf = (t: number) => getOrCompute(busy, t, () => busyThroughout(edgesOf(t), onCpu(t), all().start, all().end));
  return { all, processOf, onCpu, edgesOf, waitsOf, busyOf };
}

/** Who usually ends the waits of one kind, and how long they usually are. */
interface UsualPartners {
  readonly partners: readonly Partner[];
  readonly length: Ns;
}

/** Learns partners of a thread's waits, each kind of wait once. */
function learner({ all, processOf, edgesOf, waitsOf }: Threads) {
  const whoEnds = (thread: number, waited: WaitClass) => {
    const stays = waited.family !== undefined && staysInProcess(waited.family);
    const others = all().threads.filter(t => t !== thread && (!stays || processOf(t) === processOf(thread)));
    const candidates = others.map(t => ({ thread: t, edges: edgesOf(t) }));
    return partnersOf(waited, candidates, Math.max(1, all().end - all().start));
  };
  const learned = new Map<string, UsualPartners>();
  const ofKind = (thread: number, kind: string) =>
    getOrCompute(learned, `${thread} ${kind}`, () => {
      const waited = waitsOf(thread).classOf(kind);
      return waited === undefined ? { partners: [], length: Number.NaN } : { partners: whoEnds(thread, waited), length: waited.length };
    });
  const ofCall = (thread: number, call: string) => {
    const kind = waitsOf(thread).kindOfCall(call);
    return kind === undefined ? [] : ofKind(thread, kind).partners;
  };
  return { ofKind, ofCall };
}

/** Whether waits lead from a thread to a process or back, over threads of its own process. */
function relations({ all, processOf, waitsOf }: Threads, ofCall: KnownPartners['ofCall']): (thread: number, process: number) => boolean {
  const threadsEnding = new Map<number, ReadonlySet<number>>();
  const endersOf = (t: number) =>
    getOrCompute(threadsEnding, t, () => new Set(waitsOf(t).calls.flatMap(call => ofCall(t, call).map(p => p.thread))));
  return (thread, process) => {
    const own = all().threads.filter(t => processOf(t) === processOf(thread));
    const others = all().threads.filter(t => processOf(t) === process);
    const seen = new Set([thread]);
    for (const t of seen) {
      if ([...endersOf(t)].some(e => processOf(e) === process) || others.some(o => endersOf(o).has(t))) return true;
      for (const o of own) if (endersOf(t).has(o) || endersOf(o).has(t)) seen.add(o);
    }
    return false;
  };
}

export function knownPartners(host: HostCalls, scheduler: Scheduler | undefined): KnownPartners {
  const threads = threadsOf(host, scheduler);
  const { all, processOf, onCpu, edgesOf, waitsOf, busyOf } = threads;
  const { ofKind, ofCall } = learner(threads);
  const hasToDoWith = relations(threads, ofCall);

  /** The only thread of the processes that the waiting one has to do with that was busy all the time. */
  const busyPartner = (thread: number, row: number): Ender | undefined => {
    const calls = host.callsOf(thread);
    const start = realAt(calls.start, row);
    const end = realAt(calls.end, row);
    const family = waitsOf(thread).familyOf(row);
    // As long as it takes to wake up, anybody may have been busy.
    if (family === undefined || end - start < WAKE_NS) return undefined;
    const own = processOf(thread);
    const suspects = all().threads.filter(t => {
      if (t === thread || (staysInProcess(family) && processOf(t) !== own)) return false;
      // Helpers of the own process wait in ways that are not recorded: only the scheduler knows whether they work.
      return (processOf(t) !== own || onCpu(t) !== undefined) && busyOf(t)(start, end) && hasToDoWith(t, own);
    });
    const [only] = suspects;
    return only !== undefined && suspects.length === 1 ? { thread: only, rule: 'busy', acted: end } : undefined;
  };

  const enders = new Map<number, Map<number, Ender | undefined>>();
  const find = (thread: number, row: number): Ender | undefined => {
    const calls = host.callsOf(thread);
    const start = realAt(calls.start, row);
    const end = realAt(calls.end, row);
    for (const kind of waitsOf(thread).kindsOf(row)) {
      const { partners, length } = ofKind(thread, kind);
      const usual = partners.find(p => isUsual(p, edgesOf(p.thread), end));
      if (usual !== undefined) return { thread: usual.thread, rule: usual.rule, acted: actedAt(usual, end) };
      const late = partners.find(p => isLate(p, edgesOf(p.thread), length, start, end));
      if (late !== undefined) return { thread: late.thread, rule: 'late', acted: end };
      // It did not act as usual, and had been at work ever since the wait began, which it seldom is for so long: that is what was waited for.
      const working = end - start < WAKE_NS ? undefined : partners.find(p => busyOf(p.thread)(start, end));
      if (working !== undefined) return { thread: working.thread, rule: 'late', acted: end };
    }
    return busyPartner(thread, row);
  };
  return {
    enderOf: (thread, row) => {
      const of = getOrCompute(enders, thread, () => new Map<number, Ender | undefined>());
      if (!of.has(row)) of.set(row, find(thread, row));
      return of.get(row);
    },
    ofCall,
    waitsOf,
    onCpu,
  };
}
