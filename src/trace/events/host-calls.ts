import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { lazily } from '#core/lazily';
import type { TraceSource } from '#trace/source';
import { ACTIVITIES, type Activity, cudaActivity, osActivity } from './host-categories.ts';
import { launchIndex } from './launch-index.ts';
import { profilerPauses } from './profiler-pauses.ts';
import { rowsByOwner } from './rows-by-owner.ts';
import { type ThreadCalls, threadCalls } from './thread-activity.ts';

/** Every CUDA call of the trace, in the file's order, and how to find the one that launched a GPU operation. */
export interface ApiCalls {
  readonly n: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly thread: Int32Array;
  readonly nameId: Int32Array;
  /** Index of the call with this (global pid, correlation id), or -1. Correlation ids repeat between processes. */
  readonly find: (globalPid: number, correlation: number) => number;
}

/** A host thread. */
export interface HostThread {
  /** Its process as the trace numbers it (global_pid): over all machines. */
  readonly process: number;
  /** Its process as the operating system numbers it. */
  readonly pid: number;
  readonly tid: number;
  /** What it calls itself, where the trace says. */
  readonly name?: string | undefined;
}

export interface HostCalls {
  readonly api: ApiCalls;
  /** ApiCalls.thread indexes this list. */
  readonly threads: readonly HostThread[];
  readonly callsOf: (thread: number) => ThreadCalls;
  readonly nameOf: (nameId: number) => string;
  readonly hasOsCalls: boolean;
}

/** What threads call themselves, by process (as the trace numbers it) and thread. */
function threadNames(source: TraceSource): (process: number, tid: number) => string | undefined {
  const rows = source.scan('thread', ['global_pid', 'thread_id', 'name_id']);
  const texts = source.names(new Set(rows.name_id));
  const known = new Map<number, Map<number, string | undefined>>();
  for (let i = 0; i < rows.n; i++)
    getOrCompute(known, realAt(rows.global_pid, i), () => new Map<number, string | undefined>()).set(
      intAt(rows.thread_id, i),
      texts.get(intAt(rows.name_id, i)),
    );
  return (process, tid) => known.get(process)?.get(tid);
}

/** Calls as they are read: times in ns since the session began. */
interface Calls {
  readonly n: number;
  readonly start_ns: Float64Array;
  readonly end_ns: Float64Array;
  readonly global_pid: Float64Array;
  readonly thread_id: Int32Array;
  readonly name_id: Int32Array;
}

/** Pauses of the profiler as calls of every thread that they concern. */
function pausedThreads(pauses: ReturnType<typeof profilerPauses>, threads: readonly HostThread[]): Calls {
  const rows = pauses.flatMap(p => threads.flatMap(t => (t.process === p.process ? [{ ...p, tid: t.tid }] : [])));
  return {
    n: rows.length,
    start_ns: Float64Array.from(rows, r => r.start),
    end_ns: Float64Array.from(rows, r => r.end),
    global_pid: Float64Array.from(rows, r => r.process),
    thread_id: Int32Array.from(rows, r => r.tid),
    name_id: Int32Array.from(rows, r => r.nameId),
  };
}

/** Numbers threads in the order in which they are met. */
function threadNumbers(source: TraceSource) {
  const threads: HostThread[] = [];
  const nameOf = threadNames(source);
  const numbers = new Map<number, Map<number, number>>();
  const numberOf = (process: number, tid: number) =>
    getOrCompute(
      getOrCompute(numbers, process, () => new Map<number, number>()),
      tid,
      () => threads.push({ process, pid: source.pidOf(process), tid, name: nameOf(process, tid) }) - 1,
    );
  return { threads, numberOf };
}

/** The process and the thread of each CUDA call, by number. */
function callersOf(api: Calls, numberOf: (process: number, tid: number) => number) {
  const pids = new Map<number, number>();
  const process = new Int32Array(api.n);
  const thread = new Int32Array(api.n);
  for (let i = 0; i < api.n; i++) {
    const pid = realAt(api.global_pid, i);
    // Calls of one thread come in runs: looking back saves nearly every look-up.
    const same = i > 0 && pid === api.global_pid[i - 1];
    process[i] = same ? intAt(process, i - 1) : getOrCompute(pids, pid, () => pids.size);
    thread[i] = same && api.thread_id[i] === api.thread_id[i - 1] ? intAt(thread, i - 1) : numberOf(pid, intAt(api.thread_id, i));
  }
  return { pids, process, thread };
}

/** Calls of one kind: what threads do in each, and whose each is. */
interface CallsOfKind {
  readonly calls: Calls;
  readonly classify: (name: string) => Activity;
  readonly threadOf: (i: number) => number;
}

/** All calls as one list, sorted by thread when the first one is asked for. */
function callsByThread(kinds: readonly CallsOfKind[], nameOf: (nameId: number) => string, threads: readonly HostThread[]) {
  const total = kinds.reduce((sum, { calls }) => sum + calls.n, 0);
  const start = new Float64Array(total);
  const end = new Float64Array(total);
  const activity = new Uint8Array(total);
  const nameId = new Int32Array(total);
  const rowsOf = lazily(() => {
    const owner = new Int32Array(total);
    let offset = 0;
    for (const { calls, classify, threadOf } of kinds) {
      const known = new Map<number, number>();
      const activityOf = (id: number) => getOrCompute(known, id, () => ACTIVITIES.indexOf(classify(nameOf(id))));
      start.set(calls.start_ns, offset);
      end.set(calls.end_ns, offset);
      nameId.set(calls.name_id, offset);
      for (let i = 0; i < calls.n; i++) {
        activity[offset + i] = activityOf(calls.name_id[i] ?? -1);
        owner[offset + i] = threadOf(i);
      }
      offset += calls.n;
    }
    return rowsByOwner(owner, threads.length);
  });
  const cache = new Map<number, ThreadCalls>();
  return {
    index: rowsOf,
    callsOf: (t: number) => getOrCompute(cache, t, () => threadCalls(rowsOf()[t] ?? new Int32Array(0), start, end, activity, nameId)),
  };
}

/** Reads the CUDA and operating-system calls of all threads. */
export function readHostCalls(source: TraceSource): HostCalls {
  const columns = ['start_ns', 'end_ns', 'global_pid', 'thread_id', 'name_id'] as const;
  const api = source.scan('relevant_call', [...columns, 'correlation_id']);
  const os = source.scan('os_call', columns);
  const overhead = source.scan('profiler_overhead', columns);

  const { threads, numberOf } = threadNumbers(source);
  const { pids, process, thread } = callersOf(api, numberOf);
  const names = source.names([...new Set(api.name_id), ...new Set(os.name_id), ...new Set(overhead.name_id)]);
  // CUDA's names carry the version of the interface: cudaMalloc_v3020.
  const plain = new Map([...names].map(([id, name]) => [id, name.replace(/_v\d+(_ptsz|_ptds)?$/, '')]));
  const nameOf = (id: number) => plain.get(id) ?? '(unnamed)';
  // A runtime call and the driver call inside it can share a correlation id: the outer one began the launch.
  const find = launchIndex({ process, correlation: api.correlation_id, start: api.start_ns }, pids.size);

  const paused = pausedThreads(profilerPauses(api, os, nameOf), threads);
  const ownerIn = (calls: Calls) => (i: number) => numberOf(realAt(calls.global_pid, i), intAt(calls.thread_id, i));
  const { index, callsOf } = callsByThread(
    [
      { calls: api, classify: cudaActivity, threadOf: i => intAt(thread, i) },
      { calls: os, classify: osActivity, threadOf: ownerIn(os) },
      { calls: overhead, classify: () => 'profiler', threadOf: ownerIn(overhead) },
      { calls: paused, classify: () => 'profiler', threadOf: ownerIn(paused) },
    ],
    nameOf,
    threads,
  );
  // Without any call into CUDA, the threads are known only from the calls of the operating system.
  if (api.n === 0) index();
  return {
    api: {
      n: api.n,
      start: api.start_ns,
      end: api.end_ns,
      thread,
      nameId: api.name_id,
      find: (pid, c) => find(pids.get(pid) ?? -1, c),
    },
    threads,
    callsOf,
    nameOf,
    hasOsCalls: os.n > 0,
  };
}
