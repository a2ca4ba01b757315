import type { Ns } from '#core/units';
import type { Late } from './late.ts';

/** A collective's kernel that spun for a late rank. */
export interface LateWait extends Late {
  /** Index of the waiting kernel in GpuOps. */
  readonly op: number;
  /** How long it spun, from its own start on. */
  readonly ns: Ns;
}
