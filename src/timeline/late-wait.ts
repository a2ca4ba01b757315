import type { CauseOrRest } from '#model/causes';

/** A collective's kernel that spun for a rank that came late, as the comparison of all ranks found it. */
export interface LateWait {
  /** Index of the waiting kernel in GpuOps. */
  readonly op: number;
  /** How long it spun, from its own start on, ns. */
  readonly ns: number;
  /** The late rank. */
  readonly rank: string;
  /** What kept that rank, and how it is known. */
  readonly cause: CauseOrRest;
  readonly why: string;
}
