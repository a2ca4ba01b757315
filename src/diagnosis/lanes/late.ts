import type { CauseOrRest } from '#schema/causes';

/** A rank that came late to a collective, as the comparison of all ranks found it. */
export interface Late {
  /** The late rank. */
  readonly rank: string;
  /** What kept that rank, and how it is known. */
  readonly cause: CauseOrRest;
  readonly why: string;
}
