import { intAt, realAt } from '#core/columns';
import { type Normal, normalOf } from '#core/math/normal-range';
import { coverage } from '#core/math/spans';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { clockEffect } from './clock-effect.ts';
import { type GapContext, gapLosses, seenBeforeIndex, shortSyncLoss } from './gap-losses.ts';
import type { Lane } from './lane.ts';
import type { LateWait } from './late-wait.ts';
import type { Loss } from './loss.ts';

/** Gaps shorter than this are the cost of one launch and its latency, a few microseconds each: part of normal work. */
const LAUNCH_NS = 20_000;
/** Copies shorter than this are part of normal work. */
const SHORT_COPY_NS = 20_000;

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
/** Kernels on either side that tell whether a slow kernel was slow among slow ones. */
const NEIGHBOURS = 16;

/** Share of slow kernels among the neighbours of the lane's k-th operation; unknown work counts as not slow. */
function slowShare(ops: GpuOps, lane: Lane, normals: ReadonlyMap<number, Normal>): (k: number) => number {
  const before = new Int32Array(lane.ops.length + 1);
  for (const [k, i] of lane.ops.entries()) {
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

/** When, during the lane's k-th operation, the lane began to compute beside it; `end` if it never did. */
function computeFrom(ops: GpuOps, lane: Lane, k: number, end: number): number {
  for (let j = k + 1; j < lane.ops.length; j++) {
    const i = intAt(lane.ops, j);
    const start = realAt(ops.start, i);
    if (start >= end) break;
    if (ops.kind[i] !== OP.copy && ops.kind[i] !== OP.memset) return start;
  }
  return end;
}

/**
 * All losses of the lane, in order of start.
 * @param clockLoss share of its usual value that the SM clock lost in a stretch: the most that it can have cost a kernel
 * @param lateWaits collectives that spun for a late rank, by their index in ops
 */
export function findLosses(
  ops: GpuOps,
  host: HostCalls,
  lane: Lane,
  clockLoss: (from: number, to: number) => number | undefined,
  lateWaits: ReadonlyMap<number, LateWait> = new Map(),
): readonly Loss[] {
  const normals = workNormals(ops, lane);
  const foreignTime = coverage(lane.foreign);
  const slowAround = slowShare(ops, lane, normals);
  const effect = clockEffect(ops, lane, clockLoss);
  const clockShare = (from: number, to: number) => (effect > 0 ? Math.min(clockLoss(from, to) ?? 0, effect) : 0);
  const c: GapContext = { ops, host, lane, seenBefore: seenBeforeIndex(ops, lane), clockShare };
  const losses: Loss[] = [];
  let busyTo = Number.NEGATIVE_INFINITY;
  let previous = -1;
  for (const [k, i] of lane.ops.entries()) {
    const start = realAt(ops.start, i);
    const end = realAt(ops.end, i);
    if (previous >= 0 && start - busyTo >= LAUNCH_NS) losses.push(...gapLosses(c, busyTo, start, previous, i));
    else if (previous >= 0 && start > busyTo) losses.push(...shortSyncLoss(c, busyTo, start, previous, i));
    const from = Math.max(start, busyTo);
    const wait = lateWaits.get(i);
    if (end > from) {
      if (wait !== undefined) {
        // What is left of the kernel is the transfer: its shortest participant took as long.
        const until = Math.min(end, start + wait.ns);
        if (until > from) losses.push({ kind: 'spin', start: from, end: until, wait });
      } else if (ops.kind[i] === OP.copy) {
        const until = computeFrom(ops, lane, k, end);
        if (until - from >= SHORT_COPY_NS)
          losses.push({
            kind: 'copy',
            start: from,
            end: until,
            bytes: realAt(ops.bytes, i),
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
