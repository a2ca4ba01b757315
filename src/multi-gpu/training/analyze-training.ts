import { itemAt, realAt, valueAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { percentile } from '#core/math/percentiles';
import type { Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import type { LateWait } from '#diagnosis/lanes/late-wait';
import { isTraining } from '#diagnosis/lanes/training-kernels';
import type { ScheduleFigures } from '#multi-gpu/pipeline/facts';
import { deviceNames } from '#trace/events/trace-facts';
import type { SteppedTraining, StepTimes, TrainingFacts, UnsteppedTraining } from './facts.ts';
import { findSteps } from './find-steps.ts';
import { FEWEST_TO_JUDGE } from './limits.ts';
import { together } from './lockstep-steps.ts';
import { type RankLedger, rankLedger } from './rank-ledger.ts';
import { slowSteps } from './slow-steps.ts';
import { stepBreakdowns } from './step-breakdown.ts';
import type { RankSteps } from './step-cuts.ts';
import { stretchesOf } from './stretches.ts';
import { type TrainingRank, type TrainingSource, trainingRanks } from './training-rank.ts';
import { type Stated, utilisationOf } from './utilisation.ts';

export interface TrainingOptions {
  readonly detectors: readonly Detector[];
  /** For each source its collectives that spun for a late rank, by their index in its operations. */
  readonly lateWaits: readonly ReadonlyMap<number, LateWait>[];
  /** What to add to each source's times to put them on the clock of the first, ns. */
  readonly offsets: readonly Ns[];
  readonly stated: Stated;
  /** The schedules of the pipeline that ran; empty where none did. */
  readonly schedules: readonly ScheduleFigures[];
}

const NS_PER_S = 1e9;
const NS_PER_MS = 1e6;

const durationsOf = (steps: RankSteps): Ns[] => Array.from(steps.end, (e, i) => e - realAt(steps.start, i));

const tokensOf = ({ tokensPerStep }: Stated, durations: readonly Ns[]): SteppedTraining['tokens'] => {
  if (tokensPerStep === undefined) return undefined;
  const total = durations.reduce((a, b) => a + b, 0);
  return { perStep: tokensPerStep, perSecond: (tokensPerStep * durations.length) / (total / NS_PER_S) };
};

const distribution = (durations: readonly Ns[]) => {
  const sorted = Float64Array.from(durations).sort();
  return {
    steps: sorted.length,
    median: medianOf(sorted),
    p90: percentile(sorted, 0.9),
    p99: percentile(sorted, 0.99),
    max: realAt(sorted, sorted.length - 1),
  };
};

function timesOf(ledger: RankLedger): StepTimes {
  const { steps, rank } = ledger;
  const limit =
    steps.n < FEWEST_TO_JUDGE ? Number.POSITIVE_INFINITY : Math.max(...Array.from(steps.end, (_, i) => ledger.normalOf(i).limit));
  return {
    rank: rank.label,
    device: rank.deviceLabel,
    ...distribution(durationsOf(steps)),
    limit: Number.isFinite(limit) ? limit : undefined,
  };
}

/** Names of the GPUs of the ranks; '' where the trace does not say. */
const gpusOf = (sources: readonly TrainingSource[], ranks: readonly TrainingRank[]): string[] => {
  const names = sources.map(s => deviceNames(s.source, s.ops));
  return ranks.map(r => names[r.source]?.get(r.deviceLabel) ?? '');
};

/** Processes of the other ranks of a rank's source, as the trace numbers them. */
const peersOf = (
  sources: readonly TrainingSource[],
  ranks: readonly TrainingRank[],
  { source, process }: TrainingRank,
): ReadonlySet<number> =>
  new Set(ranks.flatMap(r => (r.source === source && r.process !== process ? (sources[source]?.ops.processes[r.process] ?? []) : [])));

/** What is known of a training without steps of its own. */
function unstepped(
  sources: readonly TrainingSource[],
  ranks: readonly TrainingRank[],
  { schedules, stated }: TrainingOptions,
): UnsteppedTraining {
  const lengthsOf = (s: ScheduleFigures): Ns[] => s.iteration_ms.map(ms => ms * NS_PER_MS);
  const all = schedules.flatMap(lengthsOf);
  return {
    found: undefined,
    ranks: ranks.map(r => r.label),
    iterations: schedules.map(s => ({ name: s.name, label: s.label, candidates: s.candidates, ...distribution(lengthsOf(s)) })),
    utilisation: all.length === 0 ? undefined : utilisationOf(sources, ranks, [], all, gpusOf(sources, ranks), stated),
    tokens: all.length === 0 ? undefined : tokensOf(stated, all),
  };
}

/**
 * Takes a training loop apart into its steps, and says which were slow and why. Without kernels that only training runs there is none to look for,
 * unless the user states what a step is worth.
 * @returns undefined where nothing is a training's
 */
export function analyzeTraining(sources: readonly TrainingSource[], options: TrainingOptions): TrainingFacts | undefined {
  const { stated, offsets, detectors, lateWaits, schedules } = options;
  const isStated = stated.flopsPerStep !== undefined || stated.tokensPerStep !== undefined;
  if (!isStated && !sources.some(s => isTraining(s.ops))) return undefined;
  const ranks = trainingRanks(sources);
  const found = ranks.length === 0 ? undefined : findSteps(sources, ranks, schedules.length > 0);
  if (found === undefined) return unstepped(sources, ranks, options);
  const ledgers = ranks.map((rank, k) =>
    rankLedger(
      itemAt(sources, rank.source),
      rank,
      itemAt(found.ranks, k),
      detectors,
      lateWaits[rank.source] ?? new Map<number, LateWait>(),
      peersOf(sources, ranks, rank),
    ),
  );
  const shifts = ranks.map(r => valueAt(offsets, r.source));
  const beside = together(found.ranks, shifts);
  const open = ledgers.map(l => stepBreakdowns(l, itemAt(sources, l.rank.source).host.threads));
  const slow = slowSteps(beside, ledgers, open);
  const durations = durationsOf(itemAt(found.ranks, 0));
  return {
    found,
    lockstep: beside.lockstep,
    times: ledgers.map(timesOf),
    ...{ ledgers, slow, shifts },
    stretches: stretchesOf(slow, ledgers, shifts),
    utilisation: utilisationOf(sources, ranks, found.ranks, durations, gpusOf(sources, ranks), stated),
    tokens: tokensOf(stated, durations),
  };
}
