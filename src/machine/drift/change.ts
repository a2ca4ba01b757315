import type { Severity } from '#machine/define';
import type { Value } from './kinds.ts';

/** One thing that is not as it was. */
export interface Change {
  readonly kind: string;
  readonly severity: Severity;
  readonly entity: string;
  readonly name: string;
  /** null where it was not there. */
  readonly before: Value | null;
  /** null where it is gone. */
  readonly now: Value | null;
  readonly unit: string;
}
