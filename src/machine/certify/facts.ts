import type { CertifiedFigure, Earlier, FailedCheck, GpuState, Knee, Odd } from '#schema/certification';

/** Why a figure is judged as it is, or is not judged. */
export type FigureReason =
  | 'reached'
  | 'below-half'
  | 'above-peak'
  | 'in-switch'
  | 'too-small'
  | 'memory-bound'
  | 'no-board'
  | 'no-peak'
  | 'no-nvlink'
  | 'bridge'
  | 'beyond-fabric'
  | 'together'
  | 'local-copy'
  | 'burn'
  | 'latency';

/** Beside figures, what lowered the clocks of their GPUs: bits of NVML's clocks event reasons. */
export type FigureFacts = Omit<CertifiedFigure, 'reason'> & {
  readonly why: FigureReason;
  readonly board: string | null;
  /** Of its GPUs; none where several are together. */
  readonly gpus: readonly number[];
  readonly slowed: number;
  /** From which size on it would be judged; null where size is not the reason. */
  readonly judged_from_bytes: number | null;
};

export type OddFacts = Omit<Odd, 'reason'> & { readonly slowed: number };
export type StateFacts = Omit<GpuState, 'reasons'> & { readonly reasons: number };
export type EarlierFacts = Omit<Earlier, 'reason'> & { readonly why: 'too-few' | 'usual' | 'below-usual' | 'above-usual' };

/** What the files do not tell. */
export type Unknown =
  | { readonly what: 'board'; readonly models: readonly string[] }
  | { readonly what: 'no-figure'; readonly of: 'matmul' | 'peer-copy' | 'collective' }
  | { readonly what: 'state' | 'history' | 'peers' | 'several-models' };

/** What a machine reached, as facts: `report/build` words them. */
export interface CertificationFacts {
  readonly verdict: CertifiedFigure['verdict'];
  readonly gpu_model: string | null;
  /** The worst come first. */
  readonly figures: readonly FigureFacts[];
  readonly knees: readonly Knee[];
  readonly odd: readonly OddFacts[];
  readonly failed_checks: readonly FailedCheck[];
  readonly checks_passed: number;
  readonly state: readonly StateFacts[];
  readonly history: readonly EarlierFacts[];
  readonly unknown: readonly Unknown[];
}
