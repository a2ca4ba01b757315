import { median } from 'd3-array';
import { byteAt, intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES, type Activity } from '#trace/events/host-categories';
import { activityIn, type ThreadSource } from '#trace/events/thread-activity';

/** A worker process of a loader, and what it did for most of the time while others waited for it. */
export interface LoaderWorker {
  readonly pid: number;
  readonly activity: Activity;
  /** The call; '' for its own code. */
  readonly call: string;
}

/** Who had nothing to give, and the call it sat in itself. */
export interface KeptWaiting {
  readonly name: string;
  readonly call: string;
}

/** The data loader of a training process, as far as its threads are in the trace. */
export interface DataLoader {
  /** Name of a thread of the loader, a worker's with its process; undefined for any other thread. */
  readonly nameOf: (thread: number) => string | undefined;
  /** The loader's thread that had nothing to give while another thread of its process waited in [from, to). */
  readonly keptWaiting: (thread: number, from: Ns, to: Ns) => KeptWaiting | undefined;
  /** Whether the trace lacks the name of a thread, so that it may be the loader's. */
  readonly isUnnamed: (thread: number) => boolean;
  /** Whether a thread of which the trace has no name had nothing to give while another thread of its process waited in [from, to). */
  readonly mayHaveKept: (thread: number, from: Ns, to: Ns) => boolean;
  /** The worker process that made the batch for which others waited in [from, to), where the trace holds its calls. */
  readonly workerBehind: (from: Ns, to: Ns) => LoaderWorker | undefined;
}

/** What PyTorch calls the threads of its DataLoader (torch/utils/data/_utils: pin_memory.py, worker.py). */
const LOADER = /^pt_data_(pin|worker)$/;
/** The loader must get its data in the last part of the wait: what ended it came from there. */
const HANDED_OVER: Share = 0.1;
/** A loader that keeps up gets its data once a batch; one that waited for two batches' time has missed one. */
const BATCHES_MISSED = 2;

/** A worker that made the batch was at it for the larger half of the wait. */
const MAIN_SHARE: Share = 0.5;
const WORKER = 'pt_data_worker';

/** What a thread did in a stretch by the time it took, the most first: many short reads are one doing. */
function doingsIn(host: ThreadSource, thread: number, from: Ns, to: Ns): { activity: Activity; call: string; time: Ns; end: Ns }[] {
  const out = new Map<string, { activity: Activity; call: string; time: Ns; end: Ns }>();
  for (const { start, end, activity, call } of activityIn(host, thread, from, to)) {
    const doing = getOrCompute(out, `${activity} ${call}`, () => ({ activity, call, time: 0, end }));
    doing.time += end - start;
    doing.end = end;
  }
  return [...out.values()].sort((a, b) => b.time - a.time);
}

/**
 * The worker of whom one doing filled most of a stretch and ended in its last part: it handed the batch over then. One that has nothing to do goes on waiting until
 * the batch was taken.
 */
function workerIn(host: ThreadSource, workers: readonly Worker[], from: Ns, to: Ns): LoaderWorker | undefined {
  let best: (LoaderWorker & { readonly end: Ns }) | undefined;
  for (const { thread, pid } of workers) {
    const [most] = doingsIn(host, thread, from, to);
    if (most === undefined || most.time < MAIN_SHARE * (to - from)) continue;
    const isOver = most.end < to && most.end >= to - HANDED_OVER * (to - from);
    if (isOver && most.end > (best?.end ?? Number.NEGATIVE_INFINITY)) best = { pid, ...most };
  }
  return best && { pid: best.pid, activity: best.activity, call: best.call };
}

/** The thread of a worker process that makes the batches. */
interface Worker {
  readonly thread: number;
  readonly pid: number;
}

/** Finds the data loader among the threads of a trace, by their names. */
export function dataLoader(host: Pick<HostCalls, 'threads' | 'callsOf' | 'nameOf'>): DataLoader {
  const { threads, callsOf } = host;
  const loaders = threads.flatMap(({ name = '', process, pid, tid }, thread) =>
    LOADER.test(name) ? [{ name, process, pid, tid, thread }] : [],
  );
  const names = new Map(loaders.map(l => [l.thread, l.name === WORKER ? `${l.name} (process ${l.pid})` : l.name]));
  // The main thread of a worker makes its batches; those that hand them over to other processes have its name too.
  const workers = loaders.filter(l => l.name === WORKER && l.tid === l.pid && callsOf(l.thread).n > 0);
  const usual = new Map<string, Ns>();
  const usualOf = (thread: number, nameId: number): Ns =>
    getOrCompute(usual, `${thread} ${nameId}`, () => {
      const { n, start, end, nameId: ids } = callsOf(thread);
      const lengths = Array.from({ length: n }, (_, i) => (ids[i] === nameId ? realAt(end, i) - realAt(start, i) : Number.NaN));
      return median(lengths) ?? Number.NaN;
    });
  /** The wait of a loader's thread that began before the stretch and ended in its last part. */
  const emptyHanded = (thread: number, from: Ns, to: Ns): string | undefined => {
    const calls = callsOf(thread);
    for (let i = upperBound(calls.start, from) - 1; i >= 0 && realAt(calls.endSoFar, i) > from; i--) {
      const end = realAt(calls.end, i);
      if (ACTIVITIES[byteAt(calls.activity, i)] !== 'wait' || end > to || end < to - HANDED_OVER * (to - from)) continue;
      const nameId = intAt(calls.nameId, i);
      if (end - realAt(calls.start, i) >= BATCHES_MISSED * usualOf(thread, nameId)) return host.nameOf(nameId);
    }
    return undefined;
  };
  const unnamed = threads.flatMap(({ name, process }, thread) => (name === undefined ? [{ process, thread }] : []));
  return {
    nameOf: thread => names.get(thread),
    isUnnamed: thread => threads[thread]?.name === undefined,
    mayHaveKept: (thread, from, to) =>
      unnamed.some(
        other => other.process === threads[thread]?.process && other.thread !== thread && emptyHanded(other.thread, from, to) !== undefined,
      ),
    keptWaiting(thread, from, to) {
      for (const loader of loaders) {
        if (loader.process !== threads[thread]?.process || loader.thread === thread) continue;
        const call = emptyHanded(loader.thread, from, to);
        if (call !== undefined) return { name: loader.name, call };
      }
      return undefined;
    },
    workerBehind: (from, to) => workerIn(host, workers, from, to),
  };
}
