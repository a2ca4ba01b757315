import { intAt, realAt, valueAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { checkpointAt, findCheckpoints } from '#diagnosis/lanes/checkpoints';
import { dataLoader } from '#diagnosis/lanes/data-loader';
import type { Lane } from '#diagnosis/lanes/lane';
import { migratedFor } from '#diagnosis/lanes/migrated';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import { copyOf, describeOp } from '#trace/events/trace-facts';
import type { OpenedTrace } from '#trace/opened-trace';
import type { DetectorContext } from './define.ts';

/** How a subject says that work beside the lane's own is of its own process: no other tenant is to blame. */
export const SAME_PROCESS = 'of the same process';

/**
 * What the detectors may know besides a loss of this lane, whichever view of it lost the time: the one that serves requests, a rank, or a
 * device of a pipeline.
 * @param lane undefined where there is none: then nothing can be foreign to it
 * @param samples of the lane's GPU
 */
export function laneContext(
  { ops, host }: Pick<OpenedTrace, 'ops' | 'host'>,
  lane: Lane | undefined,
  samples: SampleTimeline,
): DetectorContext {
  const describe = (op: number) => describeOp(ops, op);
  const foreign = lazily(() => {
    const rows = lane?.foreignOps ?? new Int32Array(0);
    const start = Float64Array.from(rows, i => realAt(ops.start, i));
    // Latest end of each and all before it: tells how far back a search must go.
    const endSoFar = new Float64Array(rows.length);
    for (const [k, i] of rows.entries()) endSoFar[k] = Math.max(k > 0 ? realAt(endSoFar, k - 1) : 0, realAt(ops.end, i));
    return { rows, start, endSoFar };
  });
  const migrated = lazily(() => (lane === undefined ? () => undefined : migratedFor(ops.migrations, lane)));
  const loader = lazily(() => dataLoader(host));
  const checkpoint = lazily(() => checkpointAt(lane === undefined ? [] : findCheckpoints(ops, host, lane)));
  return {
    samples,
    describe,
    copyOf: op => copyOf(ops, op),
    migrated: (from, to) => migrated()(from, to),
    get loader() {
      return loader();
    },
    checkpoint: (from, to) => checkpoint()(from, to),
    hasOsCalls: host.hasOsCalls,
    get oneStream() {
      return lane?.streams.size === 1;
    },
    foreignWork(from: Ns, to: Ns) {
      const { rows, start, endSoFar } = foreign();
      const time = new Map<string, Ns>();
      for (let k = upperBound(start, to) - 1; k >= 0 && realAt(endSoFar, k) > from; k--) {
        const i = intAt(rows, k);
        const shared = Math.min(realAt(ops.end, i), to) - Math.max(realAt(ops.start, i), from);
        if (shared <= 0) continue;
        const who = ops.process[i] === lane?.process ? `stream ${valueAt(ops.stream, i)} ${SAME_PROCESS}` : 'another process';
        const name = `${describe(i)} on ${who}`;
        time.set(name, (time.get(name) ?? 0) + shared);
      }
      return [...time].reduce<[string, Ns]>((best, e) => (e[1] > best[1] ? e : best), ['other work', 0])[0];
    },
  };
}
