/** By what operations and iterations were found. */
export type FoundBy =
  /** Names of ranges. */
  | { readonly by: 'names'; readonly program: string; readonly example: string }
  /** What carries data from one GPU to the next: each device holds one stage. */
  | { readonly by: 'hand-offs'; readonly carriers: Carriers; readonly devices: number; readonly isFitting: boolean }
  /** Kernels between messages. */
  | { readonly by: 'kernels'; readonly iterations: IterationsBy; readonly labels: readonly string[] };

/** What was taken for a hand-off where no name tells. */
export type Carriers = 'copies' | 'nccl-sends';

/** By what iterations without names were told apart. */
export type IterationsBy = 'ranges' | 'barriers' | 'steps' | 'period' | 'whole';

/** What had to be assumed or left out, and what is not known. */
export type Assumption =
  | { readonly what: 'nothing-fits'; readonly found: FoundBy }
  | { readonly what: 'one-gpu' }
  | { readonly what: 'empty-ranges'; readonly count: number }
  | { readonly what: 'replicas' }
  | { readonly what: 'shared-weights' }
  | { readonly what: 'numbered-by-order' }
  | { readonly what: 'incomplete-iterations'; readonly count: number }
  | { readonly what: 'misfit-stretches'; readonly count: number; readonly of: number }
  | { readonly what: 'early-end'; readonly device: string }
  | { readonly what: 'warm-up'; readonly iterations: number }
  | { readonly what: 'partial-iterations'; readonly count: number }
  | { readonly what: 'places-by-schedule' };

/** Assumptions as they are made, each kind once. */
export type Assumed = Map<Assumption['what'], Assumption>;
