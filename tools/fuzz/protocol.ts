import type { Bytes, Seconds } from '#core/units';
import type { Made, Outcome } from './perform.ts';

/** What the memory of an analysis of small inputs may not exceed, whatever is wrong with them. */
export const MOST_BYTES: Bytes = 2 ** 30;
/** What it may not take. */
export const MOST_SECONDS: Seconds = 30;

/** One mutant to be made and asked about. */
export interface Task {
  readonly seed: number;
  readonly index: number;
}

/** The worker is there; a mutant is made; what came of it, and how much memory the process has. */
export type Answer = 'ready' | { readonly made: Made } | (Outcome & { readonly bytes: Bytes });
