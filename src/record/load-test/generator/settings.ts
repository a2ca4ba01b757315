import type { Arrivals } from './arrivals.ts';
import type { Lengths } from './lengths.ts';
import type { Limits } from './plan.ts';
import type { Target } from './target.ts';

/** What a run of `forensics load` is to do. Times in seconds. */
export interface LoadSettings {
  readonly target: Target;
  readonly pattern:
    | { readonly loop: 'open'; readonly arrivals: Arrivals; readonly duration: number; readonly requests: number }
    | { readonly loop: 'closed'; readonly concurrency: readonly number[]; readonly duration: number };
  readonly warmUp: number;
  readonly promptTokens: Lengths;
  readonly outputTokens: Lengths;
  readonly seed: number;
  readonly generators: number;
  readonly limits: Limits;
}
