import { coverage, intersect, spansOf } from '#intervals/spans';
import { clockEffect } from './clock-effect.ts';
import { type GpuOps, OP } from './gpu-ops.ts';
import { type ActivityStretch, activityIn, type HostCalls } from './host-calls.ts';
import { type Activity, isDeviceWide } from './host-categories.ts';
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
  /** Other work ran on the GPU while the gap was open. */
  readonly contended: boolean;
  /** The thread was waiting for the device when the gap opened, and no result was being read back. */
  readonly afterNeedlessSync: boolean;
  /** Index of the operation that ended the gap. */
  readonly endedBy: number;
}

/**
 * A stretch in which the lane lost time. Stretches never overlap.
 * - starved: nothing was queued for the lane; `activity` and `call` say what the launching thread did
 * - queued: work was queued but did not run; `foreign` when other work held the GPU, `byClock` for as long as that work took only because of
 *   the lowered clock
 * - unknown: the gap's end has no launch record
 * - copy: the lane did nothing but copy
 * - slow: the part of a kernel beyond what the same kernel normally takes; `slowAround` is the share of its neighbours
 *   that were slow too, `byClock` marks the part that the lowered clock accounts for
 */
export type Loss =
  | ({
      readonly kind: 'starved';
      readonly start: number;
      readonly end: number;
      readonly gap: LaneGap;
      readonly bound: 'sure' | 'straddling';
    } & Pick<ActivityStretch, 'activity' | 'call'>)
  | {
      readonly kind: 'queued';
      readonly start: number;
      readonly end: number;
      readonly foreign: boolean;
      readonly byClock: boolean;
      readonly endedBy: number;
    }
  | { readonly kind: 'unknown'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'copy';
      readonly start: number;
      readonly end: number;
      readonly bytes: number;
      readonly copyKind: number;
      readonly pageable: boolean;
    }
  | {
      readonly kind: 'slow';
      readonly start: number;
      readonly end: number;
      readonly op: number;
      readonly normal: number;
      readonly foreignShare: number;
      readonly slowAround: number;
      readonly byClock: boolean;
    };

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
  /** Share of a stretch's time that the lowered clock cost. */
  readonly clockShare: (from: number, to: number) => number;
}

/** Tells whether a kernel had run before in this trace, in whatever shape: code is loaded by name. */
function seenBeforeIndex(ops: GpuOps, lane: Lane): (op: number) => boolean {
  const first = new Map<number, number>();
  for (const i of lane.ops) if (ops.kind[i] === OP.kernel && !first.has(ops.fullNameId[i] ?? -1)) first.set(ops.fullNameId[i] ?? -1, i);
  return op => ops.kind[op] !== OP.kernel || first.get(ops.fullNameId[op] ?? -1) !== op;
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
    contended: intersect(lane.foreign, spansOf([[start, end]])).n > 0,
    afterNeedlessSync: waitedNeedlessly(c, thread, start, previous),
    endedBy,
  };
  const losses: Loss[] = stretches.map(s => ({
    kind: 'starved',
    start: s.start,
    end: s.end,
    gap,
    activity: s.activity,
    call: s.call,
    bound: s.bound,
  }));
  if (end > straddleTo) losses.push(...queuedLosses(c, straddleTo, end, endedBy));
  return losses;
}

/** A gap as short as a launch is a loss only when a needless synchronisation made it: a thousand of them are a stall. */
function shortSyncLoss(c: Context, start: number, end: number, previous: number, endedBy: number): Loss[] {
  const { ops, host, lane } = c;
  const call = host.api.find(ops.processes[lane.process] ?? 0, ops.correlation[endedBy] ?? 0);
  if (call < 0 || (host.api.start[call] ?? 0) < start) return [];
  const thread = host.api.thread[call] ?? 0;
  if (!waitedNeedlessly(c, thread, start, previous)) return [];
  const gap: LaneGap = {
    start,
    end,
    thread,
    byActivity: new Map([['own-code', end - start]]),
    firstSeen: false,
    contended: false,
    afterNeedlessSync: true,
    endedBy,
  };
  return [{ kind: 'starved', start, end, gap, activity: 'own-code', call: '', bound: 'sure' }];
}

/** The thread was in a synchronisation when the gap opened, and nothing had been read back that it had to wait for. */
function waitedNeedlessly({ ops, host }: Context, thread: number, gapStart: number, previous: number): boolean {
  const opening = activityIn(host, thread, gapStart - 1, gapStart)[0];
  return opening?.activity === 'sync' && (ops.copyKind[previous] !== DEVICE_TO_HOST || isDeviceWide(opening.call));
}

/** Splits a stretch in which work was queued by whether other work held the GPU meanwhile. */
function queuedLosses(c: Context, from: number, to: number, endedBy: number): Loss[] {
  const held = intersect(c.lane.foreign, spansOf([[from, to]]));
  const out: Loss[] = [];
  let at = from;
  const add = (start: number, end: number, foreign: boolean, byClock: boolean) => {
    if (end > start) out.push({ kind: 'queued', start, end, foreign, byClock, endedBy });
  };
  for (let i = 0; i < held.n; i++) {
    const a = held.start[i] ?? 0;
    const b = held.end[i] ?? 0;
    const clockFrom = b - c.clockShare(a, b) * (b - a);
    add(at, a, false, false);
    add(a, clockFrom, true, false);
    add(clockFrom, b, true, true);
    at = b;
  }
  add(at, to, false, false);
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

/** Less than this of one kernel is not worth a record: a thousand kernels would make a millisecond. */
const LEAST_CLOCK_NS = 1000;
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
 * @param clockLoss share of its usual value that the SM clock lost in a stretch: the most that it can have cost a kernel
 */
export function findLosses(
  ops: GpuOps,
  host: HostCalls,
  lane: Lane,
  clockLoss: (from: number, to: number) => number | undefined,
): readonly Loss[] {
  const normals = workNormals(ops, lane);
  const foreignTime = coverage(lane.foreign);
  const slowAround = slowShare(ops, lane, normals);
  const effect = clockEffect(ops, lane, clockLoss);
  const clockShare = (from: number, to: number) => (effect > 0 ? Math.min(clockLoss(from, to) ?? 0, effect) : 0);
  const c: Context = { ops, host, lane, seenBefore: seenBeforeIndex(ops, lane), clockShare };
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
          losses.push({
            kind: 'copy',
            start: from,
            end,
            bytes: ops.bytes[i] ?? 0,
            copyKind: ops.copyKind[i] ?? -1,
            pageable: ops.pageable[i] === 1,
          });
      } else {
        const clocked = clockShare(start, end) * (end - start);
        const clockFrom = Math.max(from, end - (clocked >= LEAST_CLOCK_NS ? clocked : 0));
        const normal = normals.get(ops.work[i] ?? -1);
        const facts = {
          kind: 'slow' as const,
          op: i,
          normal: normal?.median ?? Number.NaN,
          foreignShare: foreignTime(start, end) / (end - start),
          slowAround: slowAround(k),
        };
        const slowFrom = normal !== undefined && end - start > normal.limit ? Math.max(from, start + normal.median) : end;
        if (clockFrom > slowFrom) losses.push({ ...facts, start: slowFrom, end: clockFrom, byClock: false });
        if (end > clockFrom) losses.push({ ...facts, start: clockFrom, end, byClock: true });
      }
    }
    if (end > busyTo) {
      busyTo = end;
      previous = i;
    }
  }
  return losses;
}
