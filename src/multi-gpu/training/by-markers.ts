import { intAt, realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import type { Ns } from '#core/units';
import { trainingKernels } from '#diagnosis/lanes/training-kernels';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import { FEWEST_STEPS } from './limits.ts';
import { type RankSteps, stepsFrom } from './step-cuts.ts';
import type { TrainingRank } from './training-rank.ts';

/** Between two bursts lies a step's other work: at least twice as much as within one. */
const LEAST_JUMP = 2;

/**
 * Which of the gaps between markers part two bursts: those beyond the largest jump in how much other work they hold. Where all hold about as much, each
 * marker is a burst of its own.
 * @param between how much other work lies between each marker and the next
 */
export function partsBursts(between: readonly number[]): (works: number) => boolean {
  const sorted = between.toSorted((a, b) => a - b);
  let [best, limit] = [LEAST_JUMP, -1];
  // What lies beyond the jump must come once a step: a single evaluation among them is no boundary of steps.
  for (let k = 0; k + FEWEST_STEPS <= sorted.length; k++) {
    const [low = 0, high = 0] = [sorted[k], sorted[k + 1] ?? sorted[k]];
    const jump = (high + 1) / (low + 1);
    if (jump >= best) [best, limit] = [jump, low];
  }
  // An optimizer of many kernels, in fewer steps than that: where most follow one another at once, no one of them ends a step.
  if (limit < 0 && medianOf(sorted) === 0) return () => false;
  return works => works > limit;
}

/** Ends of the bursts of markers among a rank's works: a step ends with its last marker. @param markers indices into GpuOps, in order of start */
function burstEnds(ops: GpuOps, { work }: TrainingRank, markers: readonly number[]): Ns[] {
  const isMarker = new Set(markers);
  const between: number[] = [];
  let k = 0;
  for (let m = 0; m + 1 < markers.length; m++) {
    const [from = 0, to = 0] = [markers[m], markers[m + 1]];
    while (k < work.length && intAt(work, k) <= from) k++;
    let others = 0;
    for (; k < work.length && intAt(work, k) < to; k++) if (!isMarker.has(intAt(work, k))) others++;
    between.push(others);
  }
  const parts = partsBursts(between);
  const out: Ns[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const [m, i] of markers.entries()) {
    end = Math.max(end, realAt(ops.end, i));
    if (m === markers.length - 1 || parts(valueAt(between, m))) out.push(end);
  }
  return out;
}

const startsOf = (ops: GpuOps, { work }: TrainingRank): Float64Array => Float64Array.from(work, i => realAt(ops.start, i));

/** Steps by markers; undefined where a rank has too few. */
function stepsBy(ops: GpuOps, rank: TrainingRank, markers: readonly number[]): RankSteps | undefined {
  if (markers.length < FEWEST_STEPS) return undefined;
  const steps = stepsFrom(burstEnds(ops, rank, markers), startsOf(ops, rank));
  return steps.n < FEWEST_STEPS ? undefined : steps;
}

/** A rank's steps, each of which ends with the kernels of the optimizer. */
export function byOptimizer(ops: GpuOps, rank: TrainingRank): RankSteps | undefined {
  const { optimizer } = trainingKernels(ops);
  return stepsBy(
    ops,
    rank,
    [...rank.work].filter(i => ops.kind[i] === OP.kernel && optimizer.has(intAt(ops.nameId, i))),
  );
}

/** Collectives that add gradients up over the ranks. */
const GRADIENTS = /AllReduce|ReduceScatter/;

/** A rank's steps, each of which ends with the last of the collectives that add its gradients up. */
export function byGradients(ops: GpuOps, rank: TrainingRank): RankSteps | undefined {
  const sums = new Set([...ops.names].filter(([, name]) => GRADIENTS.test(name)).map(([id]) => id));
  return stepsBy(
    ops,
    rank,
    [...rank.collectives].filter(i => sums.has(intAt(ops.nameId, i))),
  );
}
