import { byteAt, intAt, realAt } from '#core/columns';
import type { Ns } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { Lane } from './lane.ts';
import type { Loss } from './loss.ts';
import type { LossContext } from './loss-context.ts';

/** Copies shorter than this are part of normal work. */
const SHORT_COPY_NS = 20_000;

/** The part of [from, end) of the lane's k-th operation, a copy, in which the lane did nothing but copy: lost when it is long. */
export function copyLoss({ ops, lane }: LossContext, k: number, from: Ns, end: Ns): Loss[] {
  const op = intAt(lane.ops, k);
  const until = computeFrom(ops, lane, k, end);
  if (until - from < SHORT_COPY_NS) return [];
  const { bytes, copyKind, pageable } = ops;
  const what = { bytes: realAt(bytes, op), copyKind: byteAt(copyKind, op), pageable: byteAt(pageable, op) === 1 };
  return [{ kind: 'copy', start: from, end: until, ...what }];
}

/** When, during the lane's k-th operation, the lane began to compute beside it; `end` if it never did. */
function computeFrom(ops: GpuOps, lane: Lane, k: number, end: Ns): Ns {
  const rows = lane.ops;
  for (let j = k + 1; j < rows.length; j++) {
    const i = intAt(rows, j);
    const start = realAt(ops.start, i);
    if (start >= end) break;
    if (ops.kind[i] !== OP.copy && ops.kind[i] !== OP.memset) return start;
  }
  return end;
}
