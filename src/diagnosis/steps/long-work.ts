import { intAt, realAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import type { Attribution, Detector, DetectorContext, LongWork } from '#diagnosis/causes/define';
import type { Lane } from '#diagnosis/lanes/lane';
import type { CauseOrRest } from '#schema/causes';
import { type GpuOps, OP } from '#trace/events/gpu-ops';

/** Whose the extra work of a step is. */
export interface AttributedWork {
  readonly cause: CauseOrRest;
  readonly attribution: Attribution | undefined;
}

/** Describes the lane's work in [start, end): the kernel that took most of it, and how much of it ran in lockstep with the host. */
export function workFacts(ops: GpuOps, lane: Lane, attributed: readonly AttributedLoss[], describe: (op: number) => string) {
  const { starts } = lane;
  const syncs = lazily(() => needlessSyncs(attributed));
  return (start: Ns, end: Ns): Pick<LongWork, 'longestKernel' | 'lockstepShare' | 'communicationShare'> => {
    const a = upperBound(starts, start - 1);
    const b = upperBound(starts, end - 1);
    const byWork = new Map<number, { op: number; total: Ns }>();
    let [all, communication] = [0, 0];
    for (let k = a; k < b; k++) {
      const i = intAt(lane.ops, k);
      const time = realAt(ops.end, i) - realAt(ops.start, i);
      all += time;
      if (ops.kind[i] === OP.communication) communication += time;
      const nameId = intAt(ops.nameId, i);
      const seen = byWork.get(nameId) ?? { op: i, total: 0 };
      seen.total += time;
      byWork.set(nameId, seen);
    }
    const longest = [...byWork.values()].reduce<{ op: number; total: Ns } | undefined>(
      (best, w) => (best === undefined || w.total > best.total ? w : best),
      undefined,
    );
    return {
      longestKernel: longest === undefined ? 'nothing' : describe(longest.op),
      communicationShare: all > 0 ? communication / all : 0,
      lockstepShare: b > a ? (upperBound(syncs(), end - 1) - upperBound(syncs(), start - 1)) / (b - a) : 0,
    };
  };
}

/** When gaps began that a needless synchronisation made. */
function needlessSyncs(attributed: readonly AttributedLoss[]): Float64Array {
  const out: Ns[] = [];
  for (const { loss, start } of attributed)
    if (loss.kind === 'starved' && loss.gap.afterNeedlessSync && start === loss.gap.start) out.push(start);
  return Float64Array.from(out);
}

/** Asks the detectors whose the extra work of a step is; the most specific attribution wins. */
export function attributeWork(work: LongWork, detectors: readonly Detector[], context: DetectorContext): AttributedWork {
  for (const d of detectors.filter(x => x.attributeWork !== undefined).toSorted((a, b) => a.precedence - b.precedence)) {
    const attribution = d.attributeWork?.(work, context);
    if (attribution !== undefined) return { cause: d.cause, attribution };
  }
  return { cause: 'unexplained', attribution: undefined };
}
