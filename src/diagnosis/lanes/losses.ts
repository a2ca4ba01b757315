import { intAt, realAt } from '#core/columns';
import { type Normal, normalOf } from '#core/math/normal-range';
import type { Ns, Share } from '#core/units';
import { type WaitGraph, waitGraph } from '#diagnosis/waits/wait-graph';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { type ClockLoss, clockShareOf } from './clock-effect.ts';
import { codeLoads } from './code-loads.ts';
import { copyLoss } from './copy-loss.ts';
import { driverOf } from './driver.ts';
import { gapLosses, shortSyncLoss } from './gap-losses.ts';
import { LAUNCH_NS, type Lane } from './lane.ts';
import type { LateWait } from './late-wait.ts';
import type { Loss } from './loss.ts';
import type { LossContext } from './loss-context.ts';

/** What each kind of work normally takes, from all its runs in the lane. */
function workNormals(ops: GpuOps, lane: Lane): ReadonlyMap<number, Normal> {
  const durations = new Map<number, number[]>();
  for (const i of lane.ops) {
    const work = ops.work[i] ?? -1;
    const list = durations.get(work);
    const d = realAt(ops.end, i) - realAt(ops.start, i);
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
const NOTHING_LOST: readonly Loss[] = [];
/** Kernels on either side that tell whether a slow kernel was slow among slow ones. */
const NEIGHBOURS = 16;

/** Share of slow kernels among the neighbours of the lane's k-th operation; unknown work counts as not slow. */
function slowShare(ops: GpuOps, lane: Lane, normals: ReadonlyMap<number, Normal>): (k: number) => Share {
  const before = new Int32Array(lane.ops.length + 1);
  for (let k = 0; k < lane.ops.length; k++) {
    const i = intAt(lane.ops, k);
    const normal = normals.get(ops.work[i] ?? -1);
    const slow = normal !== undefined && realAt(ops.end, i) - realAt(ops.start, i) > normal.limit;
    before[k + 1] = intAt(before, k) + (slow ? 1 : 0);
  }
  return k => {
    const a = Math.max(0, k - NEIGHBOURS);
    const b = Math.min(lane.ops.length, k + NEIGHBOURS + 1);
    return (intAt(before, b) - intAt(before, a)) / (b - a);
  };
}

/**
 * All losses of the lane, in order of start.
 * @param waits who waited for whom; worked out where it is not given
 * @param lateWaits collectives that spun for a late rank, by their index in ops
 */
export function findLosses(
  ops: GpuOps,
  host: HostCalls,
  lane: Lane,
  clockLoss: ClockLoss,
  lateWaits: ReadonlyMap<number, LateWait> = new Map(),
  waits: WaitGraph = waitGraph(host),
): readonly Loss[] {
  const normals = workNormals(ops, lane);
  const slowAround = slowShare(ops, lane, normals);
  const facts = {
    driver: driverOf(host, ops, lane),
    codeFollows: codeLoads(ops, host, lane),
    clockShare: clockShareOf(ops, lane, clockLoss),
  };
  const c: LossContext = { ops, host, lane, waits, lateWaits, ...facts };
  const losses: Loss[] = [];
  let busyTo = Number.NEGATIVE_INFINITY;
  let previous = -1;
  const rows = lane.ops;
  for (let k = 0; k < rows.length; k++) {
    const i = intAt(rows, k);
    const start = realAt(ops.start, i);
    const end = realAt(ops.end, i);
    if (previous >= 0 && start - busyTo >= LAUNCH_NS) losses.push(...gapLosses(c, busyTo, start, previous, i));
    else if (previous >= 0 && start > busyTo) losses.push(...shortSyncLoss(c, busyTo, start, previous, i));
    const from = Math.max(start, busyTo);
    if (end > from) {
      const wait = lateWaits.get(i);
      if (wait !== undefined) {
        // What is left of the kernel is the transfer: its shortest participant took as long.
        const until = Math.min(end, start + wait.ns);
        if (until > from) losses.push({ kind: 'spin', start: from, end: until, wait });
        // A whole graph does more than wait: the rest of it may have been slow as well.
        const rest = Math.max(from, until);
        if (ops.kind[i] === OP.graph && rest < end)
          losses.push(...slowLosses(c, k, rest, shifted(normals.get(intAt(ops.work, i)), wait.ns), slowAround));
      } else if (ops.kind[i] === OP.copy) losses.push(...copyLoss(c, k, from, end));
      else losses.push(...slowLosses(c, k, from, normals.get(intAt(ops.work, i)), slowAround));
    }
    if (end > busyTo) {
      busyTo = end;
      previous = i;
    }
  }
  return losses;
}

/** What is normal for work that waited first. */
const shifted = (normal: Normal | undefined, ns: Ns): Normal | undefined =>
  normal && { ...normal, median: normal.median + ns, limit: normal.limit + ns };

/** What the lane's k-th operation, a kernel, took beyond its normal time, and because of the clock; from `from` on. */
function slowLosses(c: LossContext, k: number, from: Ns, normal: Normal | undefined, slowAround: (k: number) => Share): readonly Loss[] {
  const { ops, lane } = c;
  const op = intAt(lane.ops, k);
  const start = realAt(ops.start, op);
  const end = realAt(ops.end, op);
  const clocked = c.clockShare(start, end) * (end - start);
  const clockFrom = Math.max(from, end - (clocked >= LEAST_CLOCK_NS ? clocked : 0));
  const slowFrom = normal !== undefined && end - start > normal.limit ? Math.max(from, start + normal.median) : end;
  if (clockFrom <= slowFrom && end <= clockFrom) return NOTHING_LOST;
  const facts = {
    kind: 'slow' as const,
    normal: normal?.median ?? Number.NaN,
    foreignShare: lane.foreignShare(start, end),
    slowAround: slowAround(k),
    isGraph: ops.kind[op] === OP.graph,
  };
  return [
    ...(clockFrom > slowFrom ? [{ ...facts, start: slowFrom, end: clockFrom, byClock: false }] : []),
    ...(end > clockFrom ? [{ ...facts, start: clockFrom, end, byClock: true }] : []),
  ];
}
