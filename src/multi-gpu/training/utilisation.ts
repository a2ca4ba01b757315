import { realAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { type Peak, peakOf } from '#machine/peaks/training-peak';
import { productFlops } from './matrix-products.ts';
import type { RankSteps } from './step-cuts.ts';
import type { TrainingRank, TrainingSource } from './training-rank.ts';

/** What the user says of a step, of all ranks together. */
export interface Stated {
  readonly flopsPerStep?: number | undefined;
  /** Of one GPU, a second. */
  readonly peakFlops?: number | undefined;
  readonly tokensPerStep?: number | undefined;
}

/** Model FLOP utilisation: operations that the model needs over what the GPUs could do meanwhile (Chowdhery et al. 2022, PaLM, appendix B). */
export interface Utilisation {
  readonly flopsPerStep: number;
  readonly from: 'given' | 'shapes';
  /** Undefined peak precision and source: the user gave it. */
  readonly peak: { readonly flops: number; readonly known: Peak | undefined };
  readonly gpus: number;
  readonly median: Share;
  readonly mean: Share;
}

/** Why there is no utilisation. */
export interface NoUtilisation {
  readonly lacks: 'operations' | 'peak' | 'one peak';
  readonly gpus: readonly string[];
}

const NS_PER_S = 1e9;
/** Names that are looked at before ranges are read: products repeat in every step, and so are among the most frequent. */
const NAMES = 2000;

/** Operations that a rank's matrix products take in a step, from the shapes that its ranges name; undefined where none does. */
function flopsByShape({ source, ops }: TrainingSource, rank: TrainingRank, steps: RankSteps): number | undefined {
  const frequent = source.ask('nvtx_name', { top: NAMES });
  if (!frequent.ok || !frequent.rows.some(r => r.name !== null && productFlops(r.name) !== undefined)) return undefined;
  const answer = source.ask('nvtx_time', { top: 1_000_000_000 });
  if (!answer.ok) return undefined;
  const pid = source.pidOf(ops.processes[rank.process] ?? Number.NaN);
  const sums = new Float64Array(steps.n);
  let found = false;
  for (const r of answer.rows) {
    const flops = r.pid === pid && r.name !== null ? productFlops(r.name) : undefined;
    if (flops === undefined) continue;
    const step = upperBound(steps.end, r.start_ns);
    if (step >= steps.n || r.start_ns < realAt(steps.start, step)) continue;
    sums[step] = realAt(sums, step) + flops;
    found = true;
  }
  return found ? medianOf(sums) : undefined;
}

/** Operations of a step of all ranks by the shapes; undefined where a rank shows none. */
function allByShape(sources: readonly TrainingSource[], ranks: readonly TrainingRank[], steps: readonly RankSteps[]): number | undefined {
  let sum = 0;
  for (const [k, rank] of ranks.entries()) {
    const [source, own] = [sources[rank.source], steps[k]];
    const flops = source && own && flopsByShape(source, rank, own);
    if (flops === undefined) return undefined;
    sum += flops;
  }
  return sum;
}

/** The peak of the ranks' GPUs, all of one kind. @param names of each rank's GPU */
function commonPeak(names: readonly string[], given: number | undefined): Utilisation['peak'] | NoUtilisation {
  const gpus = [...new Set(names)];
  if (given !== undefined) return { flops: given, known: undefined };
  if (gpus.length > 1) return { lacks: 'one peak', gpus };
  const known = peakOf(gpus[0] ?? '');
  return known === undefined ? { lacks: 'peak', gpus } : { flops: known.flops, known };
}

/**
 * How much of the peak of its GPUs a training uses.
 * @param durations of all steps of the first rank, ns
 * @param names of each rank's GPU; '' where it is not known
 */
export function utilisationOf(
  sources: readonly TrainingSource[],
  ranks: readonly TrainingRank[],
  steps: readonly RankSteps[],
  durations: readonly Ns[],
  names: readonly string[],
  stated: Stated,
): Utilisation | NoUtilisation {
  const flopsPerStep = stated.flopsPerStep ?? allByShape(sources, ranks, steps);
  if (flopsPerStep === undefined) return { lacks: 'operations', gpus: [] };
  const peak = commonPeak(names, stated.peakFlops);
  if ('lacks' in peak) return peak;
  const share = (ns: Ns) => flopsPerStep / ((ns / NS_PER_S) * peak.flops * ranks.length);
  const mean = durations.reduce((a, b) => a + b, 0) / durations.length;
  const from = stated.flopsPerStep === undefined ? 'shapes' : 'given';
  return { flopsPerStep, from, peak, gpus: ranks.length, median: share(medianOf(durations)), mean: share(mean) };
}
