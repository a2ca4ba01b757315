import type { Statement } from '#audit/statement';
import type { JudgedState } from './judge-state.ts';

/** One file of an audit: what it was read as, and what it states. */
export interface AuditFile {
  readonly path: string;
  readonly format: string;
  /** In words; null for what has no times. */
  readonly clock: string | null;
  readonly statements: readonly Statement[];
  /** What the rules say of the machine whose state it tells; null for other files. */
  readonly machine: JudgedState | null;
  /** What was read, in words. */
  readonly read: string;
  readonly limits: readonly string[];
  readonly warnings: readonly string[];
}
