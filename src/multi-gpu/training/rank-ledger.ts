import { itemAt, realAt, valueAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { medianOf } from '#core/math/median';
import { extremeOf, normalOf } from '#core/math/normal-range';
import { coverage, union } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type AttributedLoss, attributeLosses } from '#diagnosis/causes/attribute-losses';
import type { Detector } from '#diagnosis/causes/define';
import { laneContext } from '#diagnosis/causes/lane-context';
import { laneOf } from '#diagnosis/lanes/lane';
import type { LateWait } from '#diagnosis/lanes/late-wait';
import { findLosses } from '#diagnosis/lanes/losses';
import { ownWaits } from '#diagnosis/lanes/own-waits';
import { ROUND_OF_SCHEDULER_MS } from '#diagnosis/steps/is-incident';
import { sampleTimeline } from '#diagnosis/telemetry/samples';
import type { Cause } from '#schema/causes';
import { FEWEST_TO_JUDGE } from './limits.ts';
import { asCheckpoints, savingRanges } from './saving-ranges.ts';
import { ALIKE, type RankSteps } from './step-cuts.ts';
import type { TrainingRank, TrainingSource } from './training-rank.ts';

const MS: Ns = 1e6;
const NO_SAMPLES = sampleTimeline([], []);

/** What is usual in steps of one kind. */
export interface StepNormal {
  readonly median: Ns;
  /** A step that takes longer is slow; infinite where too few steps tell. */
  readonly limit: Ns;
  /** What such a step loses to each cause as a rule. */
  readonly losses: ReadonlyMap<Cause, Ns>;
}

/** A rank's steps with all that it lost in them. Times on its source's clock, ns. */
export interface RankLedger {
  readonly rank: TrainingRank;
  readonly steps: RankSteps;
  readonly attributed: readonly AttributedLoss[];
  /** When each of them ended. */
  readonly lossEnds: Float64Array;
  readonly isSlow: (step: number) => boolean;
  readonly normalOf: (step: number) => StepNormal;
  /** What a step lost to each cause. */
  readonly lostIn: (step: number) => ReadonlyMap<Cause, Ns>;
  /** How much longer than usual collectives ran in a step: never negative. */
  readonly collectiveExcess: (step: number) => Ns;
}

/** What each step lost to each cause: one sweep over losses and steps, both in order. */
function lostByStep(steps: RankSteps, attributed: readonly AttributedLoss[]): Map<Cause, Ns>[] {
  const out = Array.from({ length: steps.n }, () => new Map<Cause, Ns>());
  let i = 0;
  for (const { start, end, cause } of attributed) {
    if (cause === undefined) continue;
    while (i < steps.n && realAt(steps.end, i) <= start) i++;
    for (let k = i; k < steps.n && realAt(steps.start, k) < end; k++) {
      const ns = Math.min(end, realAt(steps.end, k)) - Math.max(start, realAt(steps.start, k));
      const lost = itemAt(out, k);
      if (ns > 0) lost.set(cause, (lost.get(cause) ?? 0) + ns);
    }
  }
  return out;
}

/** What is usual among some steps. @param rows indices of the steps */
function normalAmong({ start, end }: RankSteps, rows: readonly number[], lost: readonly ReadonlyMap<Cause, Ns>[]): StepNormal {
  const durations = Float64Array.from(rows, i => realAt(end, i) - realAt(start, i)).sort();
  const normal = rows.length < FEWEST_TO_JUDGE ? undefined : normalOf(durations);
  const causes = new Set(rows.flatMap(i => [...itemAt(lost, i).keys()]));
  const losses = new Map([...causes].map(cause => [cause, medianOf(rows.map(i => itemAt(lost, i).get(cause) ?? 0))]));
  if (normal === undefined)
    return { median: rows.length === 0 ? Number.NaN : medianOf(durations), limit: Number.POSITIVE_INFINITY, losses };
  const limit = Math.max(normal.limit, extremeOf(durations), normal.median + ROUND_OF_SCHEDULER_MS * MS);
  return { median: normal.median, limit, losses };
}

/** Steps that hold as much work as the middle one, and the others: those are of a kind of their own where there are enough of them. */
function normals(steps: RankSteps, lost: readonly ReadonlyMap<Cause, Ns>[]): (step: number) => StepNormal {
  const all = Array.from({ length: steps.n }, (_, i) => i);
  const usual = steps.n === 0 ? 0 : medianOf(steps.works);
  const isUsual = (i: number) => Math.abs(valueAt(steps.works, i) - usual) <= ALIKE * usual;
  const others = all.filter(i => !isUsual(i));
  const normal = normalAmong(steps, all.filter(isUsual), lost);
  const other = others.length < FEWEST_TO_JUDGE ? normal : normalAmong(steps, others, lost);
  return step => (isUsual(step) ? normal : other);
}

/** By how much collectives ran longer in each step than in the middle one: what a rank waits for the others is in there. */
function collectiveExcess({ ops }: TrainingSource, { collectives }: TrainingRank, steps: RankSteps): (step: number) => Ns {
  const ran = lazily(() => {
    const at = coverage(
      union(
        Float64Array.from(collectives, i => realAt(ops.start, i)),
        Float64Array.from(collectives, i => realAt(ops.end, i)),
      ),
    );
    const each = Float64Array.from(steps.start, (from, i) => at(from, realAt(steps.end, i)));
    return { each, usual: each.length === 0 ? 0 : medianOf(each) };
  });
  return step => Math.max(0, realAt(ran().each, step) - ran().usual);
}

/** Prepares a rank's ledger. @param lateWaits its collectives that spun for a late rank @param peers processes of the other ranks of its source */
export function rankLedger(
  source: TrainingSource,
  rank: TrainingRank,
  steps: RankSteps,
  detectors: readonly Detector[],
  lateWaits: ReadonlyMap<number, LateWait>,
  peers: ReadonlySet<number>,
): RankLedger {
  const { ops, host, waits } = source;
  const lane = laneOf(ops, rank.process, rank.device, steps.end);
  const samples = source.samples?.(rank.deviceLabel) ?? NO_SAMPLES;
  const losses = ownWaits(findLosses(ops, host, lane, samples.clockLoss, lateWaits, waits), host.threads, peers);
  const told = attributeLosses(losses, detectors, laneContext(source, lane, samples));
  const attributed = asCheckpoints(told, savingRanges(source, rank));
  const lost = lostByStep(steps, attributed);
  const normalAt = normals(steps, lost);
  return {
    ...{ rank, steps, attributed },
    lossEnds: Float64Array.from(attributed, l => l.end),
    isSlow: i => realAt(steps.end, i) - realAt(steps.start, i) > normalAt(i).limit,
    normalOf: normalAt,
    lostIn: i => itemAt(lost, i),
    collectiveExcess: collectiveExcess(source, rank, steps),
  };
}
