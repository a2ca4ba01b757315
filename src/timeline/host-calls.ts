import { ascendingOrder, upperBound } from '#intervals/spans';
import type { TraceStore } from '#store/trace-store';
import { ACTIVITIES, type Activity, cudaActivity, osActivity } from './host-categories.ts';

/** Calls of one host thread in order of start. Times in ns since the session began. */
export interface ThreadCalls {
  readonly n: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Index into ACTIVITIES. */
  readonly activity: Uint8Array;
  readonly nameId: Int32Array;
  /** Latest end of this and all earlier calls: tells how far back a search must go. */
  readonly endSoFar: Float64Array;
}

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

export interface HostCalls {
  readonly api: ApiCalls;
  /** Threads as `global pid:thread id`; ApiCalls.thread indexes this list. */
  readonly threads: readonly string[];
  readonly callsOf: (thread: number) => ThreadCalls;
  readonly nameOf: (nameId: number) => string;
  readonly hasOsCalls: boolean;
}

const HASH = 0x9e3779b1;

/** Open addressing over (process, correlation): exact, whatever the range of the ids. */
function launchIndex(process: ArrayLike<number>, correlation: ArrayLike<number>, prefer: (older: number, newer: number) => boolean) {
  const n = correlation.length;
  let size = 1024;
  while (size < n * 2) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  const slotOf = (p: number, c: number) => {
    let h = (Math.imul(c, HASH) ^ Math.imul(p + 1, 0x85ebca6b)) >>> 0;
    for (h &= size - 1; ; h = (h + 1) & (size - 1)) {
      const i = slots[h] ?? -1;
      if (i < 0 || (process[i] === p && correlation[i] === c)) return h;
    }
  };
  for (let i = 0; i < n; i++) {
    const slot = slotOf(process[i] ?? 0, correlation[i] ?? 0);
    const older = slots[slot] ?? -1;
    if (older < 0 || prefer(older, i)) slots[slot] = i;
  }
  return (p: number, c: number) => slots[slotOf(p, c)] ?? -1;
}

function threadCalls(
  rows: Uint32Array,
  start: ArrayLike<number>,
  end: ArrayLike<number>,
  activity: ArrayLike<number>,
  nameId: ArrayLike<number>,
): ThreadCalls {
  const at = rows.map(i => i);
  const order = ascendingOrder(Float64Array.from(at, i => start[i] ?? 0));
  const n = rows.length;
  const out = {
    n,
    start: new Float64Array(n),
    end: new Float64Array(n),
    activity: new Uint8Array(n),
    nameId: new Int32Array(n),
    endSoFar: new Float64Array(n),
  };
  let latest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < n; k++) {
    const i = at[order[k] ?? 0] ?? 0;
    out.start[k] = start[i] ?? 0;
    out.end[k] = end[i] ?? 0;
    out.activity[k] = activity[i] ?? 0;
    out.nameId[k] = nameId[i] ?? -1;
    latest = Math.max(latest, out.end[k] ?? 0);
    out.endSoFar[k] = latest;
  }
  return out;
}

/** Reads the CUDA and operating-system calls of all threads. */
export function readHostCalls(store: TraceStore): HostCalls {
  const columns = ['start_ns', 'end_ns', 'global_pid', 'thread_id', 'name_id'] as const;
  const api = store.scan('api_call', [...columns, 'correlation_id']);
  const os = store.scan('os_call', columns);
  const overhead = store.scan('profiler_overhead', columns);

  const pids = new Map<number, number>();
  const threads: string[] = [];
  const threadNumbers = new Map<number, Map<number, number>>();
  const numberOf = (pid: number, tid: number) => {
    let inner = threadNumbers.get(pid);
    if (inner === undefined) threadNumbers.set(pid, (inner = new Map()));
    let t = inner.get(tid);
    if (t === undefined) inner.set(tid, (t = threads.push(`${pid}:${tid}`) - 1));
    return t;
  };
  const pidNumber = (pid: number) => {
    let p = pids.get(pid);
    if (p === undefined) pids.set(pid, (p = pids.size));
    return p;
  };
  const process = new Int32Array(api.n);
  const thread = new Int32Array(api.n);
  for (let i = 0; i < api.n; i++) {
    const pid = api.global_pid[i] ?? 0;
    // Calls of one thread come in runs: looking back saves nearly every look-up.
    const same = i > 0 && pid === api.global_pid[i - 1];
    process[i] = same ? (process[i - 1] ?? 0) : pidNumber(pid);
    thread[i] = same && api.thread_id[i] === api.thread_id[i - 1] ? (thread[i - 1] ?? 0) : numberOf(pid, api.thread_id[i] ?? 0);
  }
  const names = store.names([...new Set(api.name_id), ...new Set(os.name_id), ...new Set(overhead.name_id)]);
  const nameOf = (id: number) => (names.get(id) ?? '(unnamed)').replace(/_v\d+(_ptsz|_ptds)?$/, '');
  // A runtime call and the driver call inside it can share a correlation id: the outer one began the launch.
  const find = launchIndex(process, api.correlation_id, (older, newer) => (api.start_ns[newer] ?? 0) < (api.start_ns[older] ?? 0));

  const activityBy = (classify: (name: string) => Activity) => {
    const known = new Map<number, number>();
    return (id: number) => {
      let a = known.get(id);
      if (a === undefined) known.set(id, (a = ACTIVITIES.indexOf(classify(nameOf(id)))));
      return a;
    };
  };
  const cache = new Map<number, ThreadCalls>();
  const rowsOf = new Map<number, number[]>();
  const total = api.n + os.n + overhead.n;
  const start = new Float64Array(total);
  const end = new Float64Array(total);
  const activity = new Uint8Array(total);
  const nameId = new Int32Array(total);
  let indexed = false;
  const indexThreads = () => {
    indexed = true;
    let offset = 0;
    for (const [activityOf, part] of [
      [activityBy(cudaActivity), api],
      [activityBy(osActivity), os],
      [activityBy(() => 'profiler'), overhead],
    ] as const) {
      start.set(part.start_ns, offset);
      end.set(part.end_ns, offset);
      nameId.set(part.name_id, offset);
      for (let i = 0; i < part.n; i++) {
        const t = numberOf(part.global_pid[i] ?? 0, part.thread_id[i] ?? 0);
        activity[offset + i] = activityOf(part.name_id[i] ?? -1);
        const rows = rowsOf.get(t);
        if (rows === undefined) rowsOf.set(t, [offset + i]);
        else rows.push(offset + i);
      }
      offset += part.n;
    }
  };
  const callsOf = (t: number) => {
    if (!indexed) indexThreads();
    let calls = cache.get(t);
    if (calls === undefined) cache.set(t, (calls = threadCalls(Uint32Array.from(rowsOf.get(t) ?? []), start, end, activity, nameId)));
    return calls;
  };
  return {
    api: {
      n: api.n,
      start: api.start_ns as Float64Array,
      end: api.end_ns as Float64Array,
      thread,
      nameId: api.name_id as Int32Array,
      find: (pid, c) => (pids.has(pid) ? find(pids.get(pid) ?? 0, c) : -1),
    },
    threads,
    callsOf,
    nameOf,
    hasOsCalls: os.n > 0,
  };
}

/** One stretch of a thread's time. */
export interface ActivityStretch {
  readonly start: number;
  readonly end: number;
  readonly activity: Activity;
  /** The call, or '' for the thread's own code. */
  readonly call: string;
}

/** What a thread did in [from, to), without holes: the most telling call of each moment, or its own code. */
export function activityIn(host: HostCalls, thread: number, from: number, to: number): readonly ActivityStretch[] {
  const calls = host.callsOf(thread);
  const inside: number[] = [];
  for (let i = upperBound(calls.start, to) - 1; i >= 0 && (calls.endSoFar[i] ?? 0) > from; i--)
    if ((calls.end[i] ?? 0) > from && (calls.start[i] ?? 0) < to) inside.push(i);
  const cuts = [
    ...new Set([from, to, ...inside.flatMap(i => [calls.start[i] ?? 0, calls.end[i] ?? 0]).filter(t => t > from && t < to)]),
  ].sort((a, b) => a - b);
  const out: { start: number; end: number; activity: Activity; call: string }[] = [];
  const OWN = ACTIVITIES.length - 1;
  inside.reverse();
  let next = 0;
  let open: number[] = [];
  for (let k = 0; k + 1 < cuts.length; k++) {
    const a = cuts[k] ?? 0;
    const b = cuts[k + 1] ?? 0;
    for (; next < inside.length && (calls.start[inside[next] ?? 0] ?? 0) <= a; next++) open.push(inside[next] ?? 0);
    open = open.filter(i => (calls.end[i] ?? 0) >= b);
    let best = OWN;
    let name = -1;
    for (const i of open)
      if ((calls.activity[i] ?? OWN) <= best) {
        best = calls.activity[i] ?? OWN;
        name = calls.nameId[i] ?? -1;
      }
    const activity = ACTIVITIES[best] ?? 'own-code';
    const call = name < 0 ? '' : host.nameOf(name);
    const last = out.at(-1);
    if (last !== undefined && last.activity === activity && last.call === call) last.end = b;
    else out.push({ start: a, end: b, activity, call });
  }
  return out;
}
