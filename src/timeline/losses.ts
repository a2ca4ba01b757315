import { coverage, intersect, type Spans, spansOf } from '#intervals/spans';
import { type GpuOps, OP } from './gpu-ops.ts';
import { type Activity, isDeviceWide } from './host-categories.ts';
import { type ActivityStretch, activityIn, type HostCalls } from './host-calls.ts';
import type { Lane } from './lane.ts';
import { type Normal, normalOf } from './work-baseline.ts';

/** Facts about one gap of the lane that detectors judge by. Times in ns since the session began. */
export interface LaneGap {
  readonly start: number;
  readonly end: number;
  readonly thread: number;
  /** How long the launching thread was in each activity while the gap was open and nothing was launched. */
  readonly byActivity: ReadonlyMap<Activity, number>;
  /** The operation that ended the gap was a kernel never seen before in this trace. */
  readonly firstSeen: boolean;
  /** The thread was waiting for the device when the gap opened, and no result was being read back. */
  readonly afterNeedlessSync: boolean;
  /** Index of the operation that ended the gap. */
  readonly endedBy: number;
}

/**
 * A stretch in which the lane lost time. Stretches never overlap.
 * - starved: nothing was queued for the lane; `activity` and `call` say what the launching thread did
 * - queued: work was queued but did not run; `foreign` when other work held the GPU
 * - unknown: the gap's end has no launch record
 * - copy: the lane did nothing but copy
 * - slow: the part of a kernel beyond what the same kernel normally takes; `slowAround` is the share of its neighbours
 *   that were slow too, `byClock` marks the part that the lowered clock alone accounts for
 */
export type Loss =
  | ({ readonly kind: 'starved'; readonly start: number; readonly end: number; readonly gap: LaneGap; readonly bound: 'sure' | 'straddling' } & Pick<ActivityStretch, 'activity' | 'call'>)
  | { readonly kind: 'queued'; readonly start: number; readonly end: number; readonly foreign: boolean; readonly endedBy: number }
  | { readonly kind: 'unknown'; readonly start: number; readonly end: number }
  | { readonly kind: 'copy'; readonly start: number; readonly end: number; readonly bytes: number; readonly copyKind: number; readonly pageable: boolean }
  | { readonly kind: 'slow'; readonly start: number; readonly end: number; readonly op: number; readonly normal: number; readonly foreignShare: number; readonly slowAround: number; readonly byClock: boolean };

/** Gaps shorter than this are the cost of one launch and its latency, a few microseconds each: part of normal work. */
const LAUNCH_NS = 20_000;
/** Copies shorter than this are part of normal work. */
const SHORT_COPY_NS = 20_000;
const DEVICE_TO_HOST = 2;

interface Context {
  readonly ops: GpuOps;
  readonly host: HostCalls;
  readonly lane: Lane;
  readonly seenBefore: (op: number) => boolean;
}

/** Tells whether a kernel's name occurred earlier in the trace. */
function firstSeenIndex(ops: GpuOps, lane: Lane): (op: number) => boolean {
  const first = new Map<number, number>();
  for (const i of lane.ops) if (ops.kind[i] === OP.kernel && !first.has(ops.work[i] ?? -1)) first.set(ops.work[i] ?? -1, i);
  return op => ops.kind[op] !== OP.kernel || first.get(ops.work[op] ?? -1) !== op;
}

function gapLosses(c: Context, start: number, end: number, previous: number, endedBy: number): Loss[] {
  const { ops, host, lane } = c;
  const call = host.api.find(ops.processes[lane.process] ?? 0, ops.correlation[endedBy] ?? 0);
  if (call < 0) return [{ kind: 'unknown', start, end }];
  const begun = host.api.start[call] ?? 0;
  const done = Math.max(begun, host.api.end[call] ?? 0);
  const thread = host.api.thread[call] ?? 0;
  const starvedTo = Math.min(end, Math.max(start, begun));
  const straddleTo = Math.min(end, Math.max(starvedTo, done));
  // A copy from pageable memory, or one that must wait, holds its own call open while it runs: only the part before the GPU moved is a gap.
  const stretches = [
    ...(starvedTo > start ? activityIn(host, thread, start, starvedTo).map(s => ({ ...s, bound: 'sure' as const })) : []),
    ...(straddleTo > starvedTo ? activityIn(host, thread, starvedTo, straddleTo).map(s => ({ ...s, bound: 'straddling' as const })) : []),
  ];
  const byActivity = new Map<Activity, number>();
  for (const s of stretches) byActivity.set(s.activity, (byActivity.get(s.activity) ?? 0) + s.end - s.start);
  const gap: LaneGap = {
    start,
    end,
    thread,
    byActivity,
    firstSeen: !c.seenBefore(endedBy),
    afterNeedlessSync: waitedNeedlessly(c, thread, start, previous),
    endedBy,
  };
  const losses: Loss[] = stretches.map(s => ({ kind: 'starved', start: s.start, end: s.end, gap, activity: s.activity, call: s.call, bound: s.bound }));
  if (end > straddleTo) losses.push(...queuedLosses(lane.foreign, straddleTo, end, endedBy));
  return losses;
}

/** A gap as short as a launch is a loss only when a needless synchronisation made it: a thousand of them are a stall. */
function shortSyncLoss(c: Context, start: number, end: number, previous: number, endedBy: number): Loss[] {
  const { ops, host, lane } = c;
  const call = host.api.find(ops.processes[lane.process] ?? 0, ops.correlation[endedBy] ?? 0);
  if (call < 0 || (host.api.start[call] ?? 0) < start) return [];
  const thread = host.api.thread[call] ?? 0;
  if (!waitedNeedlessly(c, thread, start, previous)) return [];
  const gap: LaneGap = { start, end, thread, byActivity: new Map([['own-code', end - start]]), firstSeen: false, afterNeedlessSync: true, endedBy };
  return [{ kind: 'starved', start, end, gap, activity: 'own-code', call: '', bound: 'sure' }];
}

/** The thread was in a synchronisation when the gap opened, and nothing had been read back that it had to wait for. */
function waitedNeedlessly({ ops, host }: Context, thread: number, gapStart: number, previous: number): boolean {
  const opening = activityIn(host, thread, gapStart - 1, gapStart)[0];
  return opening?.activity === 'sync' && (ops.copyKind[previous] !== DEVICE_TO_HOST || isDeviceWide(opening.call));
}

/** Splits a stretch in which work was queued by whether other work held the GPU meanwhile. */
function queuedLosses(foreign: Spans, from: number, to: number, endedBy: number): Loss[] {
  const held = intersect(foreign, spansOf([[from, to]]));
  const out: Loss[] = [];
  let at = from;
  for (let i = 0; i < held.n; i++) {
    const a = held.start[i] ?? 0;
    const b = held.end[i] ?? 0;
    if (a > at) out.push({ kind: 'queued', start: at, end: a, foreign: false, endedBy });
    out.push({ kind: 'queued', start: a, end: b, foreign: true, endedBy });
    at = b;
  }
  if (to > at) out.push({ kind: 'queued', start: at, end: to, foreign: false, endedBy });
  return out;
}

/** What each kind of work normally takes, from all its runs in the lane. */
function workNormals(ops: GpuOps, lane: Lane): ReadonlyMap<number, Normal> {
  const durations = new Map<number, number[]>();
  for (const i of lane.ops) {
    const work = ops.work[i] ?? -1;
    const list = durations.get(work);
    const d = (ops.end[i] ?? 0) - (ops.start[i] ?? 0);
    if (list === undefined) durations.set(work, [d]);
    else list.push(d);
  }
  const normals = new Map<number, Normal>();
  for (const [work, list] of durations) {
    const normal = normalOf(list);
    if (normal !== undefined) normals.set(work, normal);
  }
  return normals;
}

/** Kernels on either side that tell whether a slow kernel was slow among slow ones. */
const NEIGHBOURS = 16;

/** Share of slow kernels among the neighbours of the lane's k-th operation; unknown work counts as not slow. */
function slowShare(ops: GpuOps, lane: Lane, normals: ReadonlyMap<number, Normal>): (k: number) => number {
  const before = new Int32Array(lane.ops.length + 1);
  for (const [k, i] of lane.ops.entries()) {
    const normal = normals.get(ops.work[i] ?? -1);
    const slow = normal !== undefined && (ops.end[i] ?? 0) - (ops.start[i] ?? 0) > normal.limit;
    before[k + 1] = (before[k] ?? 0) + (slow ? 1 : 0);
  }
  return k => {
    const a = Math.max(0, k - NEIGHBOURS);
    const b = Math.min(lane.ops.length, k + NEIGHBOURS + 1);
    return ((before[b] ?? 0) - (before[a] ?? 0)) / (b - a);
  };
}

/**
 * All losses of the lane, in order of start.
 * @param clockLoss share of speed that a lowered clock takes in a stretch; at most this share of a slow kernel is the clock's
 */
export function findLosses(ops: GpuOps, host: HostCalls, lane: Lane, clockLoss: (from: number, to: number) => number | undefined): readonly Loss[] {
  const c: Context = { ops, host, lane, seenBefore: firstSeenIndex(ops, lane) };
  const normals = workNormals(ops, lane);
  const foreignTime = coverage(lane.foreign);
  const slowAround = slowShare(ops, lane, normals);
  const losses: Loss[] = [];
  let busyTo = Number.NEGATIVE_INFINITY;
  let previous = -1;
  for (const [k, i] of lane.ops.entries()) {
    const start = ops.start[i] ?? 0;
    const end = ops.end[i] ?? 0;
    if (previous >= 0 && start - busyTo >= LAUNCH_NS) losses.push(...gapLosses(c, busyTo, start, previous, i));
    else if (previous >= 0 && start > busyTo) losses.push(...shortSyncLoss(c, busyTo, start, previous, i));
    const from = Math.max(start, busyTo);
    if (end > from) {
      if (ops.kind[i] === OP.copy) {
        if (end - from >= SHORT_COPY_NS)
          losses.push({ kind: 'copy', start: from, end, bytes: ops.bytes[i] ?? 0, copyKind: ops.copyKind[i] ?? -1, pageable: ops.pageable[i] === 1 });
      } else {
        const normal = normals.get(ops.work[i] ?? -1);
        if (normal !== undefined && end - start > normal.limit) {
          const slowFrom = Math.max(from, start + normal.median);
          if (end > slowFrom) {
            const facts = { kind: 'slow' as const, op: i, normal: normal.median, foreignShare: foreignTime(start, end) / (end - start), slowAround: slowAround(k) };
            const clockFrom = Math.max(slowFrom, end - (clockLoss(start, end) ?? 0) * (end - start));
            if (clockFrom > slowFrom) losses.push({ ...facts, start: slowFrom, end: clockFrom, byClock: false });
            if (end > clockFrom) losses.push({ ...facts, start: clockFrom, end, byClock: true });
          }
        }
      }
    }
    if (end > busyTo) {
      busyTo = end;
      previous = i;
    }
  }
  return losses;
}
