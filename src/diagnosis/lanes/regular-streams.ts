import { intAt, realAt } from '#core/columns';
import type { Share } from '#core/units';
import type { GpuOps } from '#trace/events/gpu-ops';

/** A stream that runs something in at least this share of the steps belongs to normal work; the others are occasional. */
const REGULAR_SHARE: Share = 0.25;

/** Streams of a process on a GPU that run something in a fair share of its steps; all of them where no step ends. */
export function regularStreams(ops: GpuOps, process: number, device: number, stepEnds: Float64Array): ReadonlySet<number> {
  const counts = new Map<number, number>();
  const seenIn = new Map<number, number>();
  let step = 0;
  // Operations of one stream come in runs: a look-up only where stream or step changes.
  let [stream, at] = [-1, -1];
  for (let i = 0; i < ops.n; i++) {
    if (ops.device[i] !== device || ops.process[i] !== process) continue;
    const start = realAt(ops.start, i);
    while (step < stepEnds.length && realAt(stepEnds, step) <= start) step++;
    if (ops.stream[i] === stream && step === at) continue;
    stream = intAt(ops.stream, i);
    at = step;
    if (seenIn.get(stream) === step) continue;
    seenIn.set(stream, step);
    counts.set(stream, (counts.get(stream) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, n]) => n >= REGULAR_SHARE * stepEnds.length).map(([s]) => s));
}
