import { realAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { medianOf } from '#core/math/median';
import type { Ns, Share } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { Lane } from './lane.ts';

/** Runs of one kind of work needed on either side to compare them. */
const FEWEST_RUNS = 5;
/** Kinds of work that can be compared must hold this share of the time at the lowered clock, or they do not speak for it. */
const COMPARED_SHARE: Share = 0.5;
/** No limit from the measurement: what remains is the clock's own share, since compute follows the clock. */
const UNMEASURED: Share = 1;
/** A difference of less than this is the clock's own step. */
const CLOCK_STEP_SHARE: Share = 0.02;

/** Share of its usual value that the SM clock lost in a stretch: the most that it can have cost a kernel; undefined where it is not known. */
export type ClockLoss = (from: Ns, to: Ns) => Share | undefined;

/**
 * Share of their time that kernels lost while the SM clock was down, measured: each kind of work is compared with itself at the usual
 * clock, and the median over kinds, weighted by the time they took, tells. 0 when the same kernels were not slower, 1 (no limit)
 * when too little of the work ran at both clocks to tell.
 * @param rows operations to compare
 * @param counts tells whether an operation says anything about the clock
 */
function effectOn(ops: GpuOps, rows: Iterable<number>, clockLoss: ClockLoss, counts: (i: number) => boolean): Share {
  const runs = new Map<number, { low: number[]; usual: number[] }>();
  for (const i of rows) {
    if (ops.kind[i] !== OP.kernel) continue;
    const start = realAt(ops.start, i);
    const end = realAt(ops.end, i);
    const loss = clockLoss(start, end);
    if (loss === undefined || !counts(i)) continue;
    const kind = runs.get(ops.work[i] ?? -1) ?? { low: [], usual: [] };
    runs.set(ops.work[i] ?? -1, kind);
    (loss > 0 ? kind.low : kind.usual).push(end - start);
  }
  const ratios = [...runs.values()]
    .filter(r => r.low.length >= FEWEST_RUNS && r.usual.length >= FEWEST_RUNS)
    .map(r => ({ ratio: medianOf(r.low) / medianOf(r.usual), weight: r.low.reduce((a, b) => a + b, 0) }))
    .toSorted((a, b) => a.ratio - b.ratio);
  const compared = ratios.reduce((s, r) => s + r.weight, 0);
  const half = compared / 2;
  const all = [...runs.values()].reduce((s, r) => s + r.low.reduce((a, b) => a + b, 0), 0);
  if (compared < COMPARED_SHARE * all) return UNMEASURED;
  let sum = 0;
  for (const { ratio, weight } of ratios) {
    sum += weight;
    if (sum >= half) return ratio > 1 + CLOCK_STEP_SHARE ? 1 - 1 / ratio : 0;
  }
  return 0;
}

/**
 * What a lowered clock cost on this GPU, measured on the lane's kernels that ran without company and on the other work there.
 * @returns the most of its time that work can have lost to the clock: 0 when nothing was slower, 1 when that could not be measured
 */
export function clockEffect(ops: GpuOps, lane: Lane, clockLoss: ClockLoss): Share {
  const others = new Set(lane.foreignOps);
  const isAlone = (i: number) => others.has(i) || lane.foreignShare(realAt(ops.start, i), realAt(ops.end, i)) === 0;
  return effectOn(ops, [...lane.ops, ...lane.foreignOps], clockLoss, isAlone);
}

/**
 * Share of a stretch's time that the lowered clock cost work on the lane's GPU: as much as the clock was down, and at most what that was
 * measured to cost there. Nothing is measured before the clock is seen down.
 */
export function clockShareOf(ops: GpuOps, lane: Lane, clockLoss: ClockLoss): (from: Ns, to: Ns) => Share {
  const effect = lazily(() => clockEffect(ops, lane, clockLoss));
  return (from, to) => {
    const loss = clockLoss(from, to) ?? 0;
    return loss > 0 ? Math.min(loss, effect()) : 0;
  };
}
