import type { Seconds } from '#core/units';
import type { Arrivals } from './arrivals.ts';
import type { Lengths } from './lengths.ts';
import type { Limits } from './plan.ts';
import type { Target } from './target.ts';

/** What a run of `forensics load` is to do. */
export interface LoadSettings {
  readonly target: Target;
  readonly pattern:
    | { readonly loop: 'open'; readonly arrivals: Arrivals; readonly duration: Seconds; readonly requests: number }
    | {
        readonly loop: 'closed';
        readonly concurrency: readonly number[];
        readonly duration: Seconds;
        /** Of each concurrency, no more than so many; left out: as many as there is time for. */
        readonly requests?: number;
      };
  readonly warmUp: Seconds;
  readonly promptTokens: Lengths;
  readonly outputTokens: Lengths;
  readonly seed: number;
  readonly generators: number;
  readonly limits: Limits;
}
