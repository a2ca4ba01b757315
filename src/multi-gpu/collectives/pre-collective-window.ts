import { intAt, realAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { copyLoss } from '#diagnosis/lanes/copy-loss';
import { gapLosses } from '#diagnosis/lanes/gap-losses';
import { LAUNCH_NS } from '#diagnosis/lanes/lane';
import type { Loss } from '#diagnosis/lanes/loss';
import type { LossContext } from '#diagnosis/lanes/loss-context';
import { OP } from '#trace/events/gpu-ops';

/** What a rank did in [from, to): the gaps in its work as losses, and how long it computed. */
export interface PreCollectiveWindow {
  readonly losses: readonly Loss[];
  /** Union of its kernels and copies, collectives left out. */
  readonly busy: Ns;
  /** Number of its operations, collectives left out. */
  readonly count: number;
}

/**
 * Looks at the stretch before a late entry.
 * @param c the rank's lane
 * @param entry the collective that was entered late
 * @param from @param to on the source's clock
 */
export function preCollectiveWindow(c: LossContext, entry: number, from: Ns, to: Ns): PreCollectiveWindow {
  const { ops, lane } = c;
  const losses: Loss[] = [];
  let busyTo = from;
  let busy: Ns = 0;
  let count = 0;
  let previous = -1;
  const gap = (start: Ns, endedBy: number) => {
    if (start - busyTo >= LAUNCH_NS) losses.push(...gapLosses(c, busyTo, start, previous < 0 ? endedBy : previous, endedBy));
  };
  const rows = lane.ops;
  for (let k = Math.max(0, upperBound(lane.starts, from) - 1); k < rows.length; k++) {
    const i = intAt(rows, k);
    const start = realAt(ops.start, i);
    if (start >= to) break;
    const ended = realAt(ops.end, i);
    if (!(ended > start)) continue;
    const end = Math.min(to, ended);
    if (end <= from) {
      previous = i;
      continue;
    }
    gap(start, i);
    if (ops.kind[i] !== OP.communication) {
      count++;
      const begun = Math.max(start, busyTo);
      busy += Math.max(0, end - begun);
      if (ops.kind[i] === OP.copy) losses.push(...copyLoss(c, k, begun, end));
    }
    busyTo = Math.max(busyTo, end);
    previous = i;
  }
  gap(to, entry);
  return { losses, busy, count };
}
