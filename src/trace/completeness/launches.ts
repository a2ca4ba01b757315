import { intAt, itemAt, realAt, valueAt } from '#core/columns';
import { ascendingOrder } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';

/** What a call puts on a GPU, by the call's name: cudaLaunchHostFunc launches nothing there. */
const LAUNCHES = [
  ['kernel', /^cu(da)?Launch(Cooperative)?Kernel/],
  ['graph', /^cu(da)?GraphLaunch/],
  ['copy', /^cu(da)?Memcpy/],
  ['fill', /^cu(da)?Memset/],
] as const;
export type LaunchedKind = (typeof LAUNCHES)[number][0];

/** Calls that launched work of one kind, and how many of them left no operation in the trace. */
export interface LaunchCount {
  readonly kind: LaunchedKind;
  readonly n: number;
  readonly unrecorded: number;
}

const CAPTURE_BEGINS = /^cu(da)?StreamBeginCapture/;
const CAPTURE_ENDS = /^cu(da)?StreamEndCapture/;

/** What a call is to this count, by its name. */
function roleOf(name: string): LaunchedKind | 'begin' | 'end' | undefined {
  if (CAPTURE_BEGINS.test(name)) return 'begin';
  if (CAPTURE_ENDS.test(name)) return 'end';
  return LAUNCHES.find(([, pattern]) => pattern.test(name))?.[0];
}

/** Roles of all calls, by the ids of their names. */
const rolesOf = ({ api, nameOf }: HostCalls): ReadonlyMap<number, ReturnType<typeof roleOf>> =>
  new Map([...new Set(api.nameId)].map(id => [id, roleOf(nameOf(id))]));

/** Which calls have an operation in the trace. */
function callsWithWork({ n, processes, process, correlation }: GpuOps, { api }: HostCalls): Uint8Array {
  const found = new Uint8Array(api.n);
  let last = -1;
  for (let i = 0; i < n; i++) {
    // Nodes of a graph come in runs of one launch.
    if (i > 0 && correlation[i] === correlation[i - 1] && process[i] === process[i - 1]) continue;
    last = api.find(valueAt(processes, intAt(process, i)), intAt(correlation, i));
    if (last >= 0) found[last] = 1;
  }
  return found;
}

/** One launch: a call, and any of its kind inside it. */
interface Launch {
  readonly kind: LaunchedKind;
  readonly process: number;
  readonly end: Ns;
  found: boolean;
}

/**
 * Launches in order of their calls. Not among them: calls before the session began, and those between the begin and the end of a stream's
 * capture by the same thread, which record a graph and run nothing. A launch inside another of its kind (the driver's inside the
 * runtime's) is the same launch.
 */
function launchesOf(ops: GpuOps, host: HostCalls): readonly Launch[] {
  const { api, threads } = host;
  const roles = rolesOf(host);
  const calls: number[] = [];
  for (let i = 0; i < api.n; i++) if (roles.get(intAt(api.nameId, i)) !== undefined) calls.push(i);
  const found = callsWithWork(ops, host);
  const capturing = new Set<number>();
  const latest = new Map<number, Launch>();
  const out: Launch[] = [];
  for (const k of ascendingOrder(Float64Array.from(calls, i => realAt(api.start, i)))) {
    const i = itemAt(calls, k);
    const [thread, end, hasWork] = [intAt(api.thread, i), realAt(api.end, i), found[i] === 1];
    const role = roles.get(intAt(api.nameId, i));
    const outer = latest.get(thread);
    if (role === 'begin') capturing.add(thread);
    else if (role === 'end') capturing.delete(thread);
    else if (role === undefined || capturing.has(thread) || realAt(api.start, i) < 0) continue;
    else if (outer?.kind === role && end <= outer.end) outer.found ||= hasWork;
    else {
      const launch = { kind: role, process: threads[thread]?.process ?? -1, end, found: hasWork };
      latest.set(thread, launch);
      out.push(launch);
    }
  }
  return out;
}

/** A full queue of a stream held 1,140 launches on an H100, and the next call waited; with room for others. At the end of a trace their work lies beyond it. */
const QUEUE_LENGTH = 2048;

/** How many launches each process may have queued: the queues of all streams that it uses. */
function queueLengths({ n, processes, process, device, stream }: GpuOps): ReadonlyMap<number, number> {
  const streams = processes.map(() => new Set<string>());
  for (let i = 0; i < n; i++) {
    // Operations of one stream come in runs.
    if (i > 0 && stream[i] === stream[i - 1] && process[i] === process[i - 1] && device[i] === device[i - 1]) continue;
    streams[intAt(process, i)]?.add(`${device[i]} ${stream[i]}`);
  }
  return new Map(processes.map((number, p) => [number, QUEUE_LENGTH * itemAt(streams, p).size]));
}

/** Looks for the work of each launch, by kind. What a process launched last, and was still queued when the trace ended, is not counted. */
export function launchCounts(ops: GpuOps, host: HostCalls): readonly LaunchCount[] {
  const counts = new Map(LAUNCHES.map(([kind]) => [kind, { kind, n: 0, unrecorded: 0 }]));
  const room = new Map(queueLengths(ops));
  for (const { kind, process, found } of launchesOf(ops, host).toReversed()) {
    const left = room.get(process) ?? 0;
    if (!found && left > 0) {
      room.set(process, left - 1);
      continue;
    }
    // What was launched before work that ran was no longer queued.
    room.set(process, 0);
    const count = counts.get(kind);
    if (count === undefined) continue;
    count.n++;
    if (!found) count.unrecorded++;
  }
  return [...counts.values()].filter(c => c.n > 0);
}

/** Streams overtake one another, and calls fail: a launch or two without work are in any trace, more than one in a hundred are not. */
const IN_ANY_TRACE: Share = 0.01;
const A_FEW = 2;

/** Whether work of a kind is missing from the trace. */
export const isMissing = ({ n, unrecorded }: LaunchCount): boolean => unrecorded > Math.max(A_FEW, IN_ANY_TRACE * n);

/** Calls that launch, and those without work, whatever the reason: more than launchCounts has. */
function roughCounts(ops: GpuOps, host: HostCalls): readonly LaunchCount[] {
  const roles = rolesOf(host);
  const found = callsWithWork(ops, host);
  const counts = new Map(LAUNCHES.map(([kind]) => [kind as string, { kind, n: 0, unrecorded: 0 }]));
  for (let i = 0; i < host.api.n; i++) {
    const count = counts.get(roles.get(intAt(host.api.nameId, i)) ?? '');
    if (count === undefined) continue;
    count.n++;
    if (found[i] === 0) count.unrecorded++;
  }
  return [...counts.values()];
}

/** Kinds of launched work that are missing from the trace. To look at each launch closely takes time, and only lets fewer of them be missing. */
export const missingLaunches = (ops: GpuOps, host: HostCalls): readonly LaunchCount[] =>
  roughCounts(ops, host).some(isMissing) ? launchCounts(ops, host).filter(isMissing) : [];
