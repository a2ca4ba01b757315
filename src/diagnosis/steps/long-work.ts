import { intAt, realAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import type { Attribution, Detector, DetectorContext, LongWork } from '#diagnosis/causes/define';
import type { Lane } from '#diagnosis/lanes/lane';
import type { CauseOrRest } from '#schema/causes';
import type { GpuOps } from '#trace/events/gpu-ops';

export interface WorkClaim {
  readonly cause: CauseOrRest;
  readonly claim: Attribution | undefined;
}

/** Describes the lane's work in [start, end): the kernel that took most of it, and how much of it ran in lockstep with the host. */
export function workFacts(ops: GpuOps, lane: Lane, attributed: readonly AttributedLoss[], describe: (op: number) => string) {
  const starts = Float64Array.from(lane.ops, i => realAt(ops.start, i));
  const syncs = Float64Array.from(
    attributed.flatMap(c => (c.loss.kind === 'starved' && c.loss.gap.afterNeedlessSync && c.start === c.loss.gap.start ? [c.start] : [])),
  );
  return (start: number, end: number): Pick<LongWork, 'longestKernel' | 'lockstepShare'> => {
    const a = upperBound(starts, start - 1);
    const b = upperBound(starts, end - 1);
    const byWork = new Map<number, { op: number; total: number }>();
    for (let k = a; k < b; k++) {
      const i = intAt(lane.ops, k);
      const seen = byWork.get(ops.nameId[i] ?? -1) ?? { op: i, total: 0 };
      seen.total += realAt(ops.end, i) - realAt(ops.start, i);
      byWork.set(ops.nameId[i] ?? -1, seen);
    }
    const longest = [...byWork.values()].reduce<{ op: number; total: number } | undefined>(
      (best, w) => (best === undefined || w.total > best.total ? w : best),
      undefined,
    );
    return {
      longestKernel: longest === undefined ? 'nothing' : describe(longest.op),
      lockstepShare: b > a ? (upperBound(syncs, end - 1) - upperBound(syncs, start - 1)) / (b - a) : 0,
    };
  };
}

/** Asks the detectors whose the extra work of a piece is; the most specific claim wins. */
export function attributeWork(work: LongWork, detectors: readonly Detector[], context: DetectorContext): WorkClaim {
  for (const d of detectors.filter(x => x.attributeWork !== undefined).toSorted((a, b) => a.precedence - b.precedence)) {
    const claim = d.attributeWork?.(work, context);
    if (claim !== undefined) return { cause: d.cause, claim };
  }
  return { cause: 'unexplained', claim: undefined };
}
