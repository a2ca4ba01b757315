import { basename } from 'node:path';
import { audit } from '#audit/audit';
import type { Contradiction } from '#audit/define';
import { ForensicsError } from '#core/errors';
import { type AuditFile, readForAudit } from './audit-input.ts';

/** What an audit read and found. */
export interface Audited {
  readonly files: readonly AuditFile[];
  readonly failed: readonly { readonly path: string; readonly why: string }[];
  readonly contradictions: readonly Contradiction[];
}

/** Names that tell the files apart: the last part of the path, or all of it where two are alike. */
const namesOf = (files: readonly string[]): string[] =>
  files.map((f, i) => (files.some((o, j) => j !== i && basename(o) === basename(f)) ? f : basename(f)));

/**
 * Finds numbers of some files that contradict each other. All that can be read is read.
 * @param failed told at once of a file that cannot be read
 */
export function auditFiles(paths: readonly string[], failed: (error: ForensicsError) => void): Audited {
  const distinct = [...new Set(paths)];
  const names = namesOf(distinct);
  const files: AuditFile[] = [];
  const unread: { path: string; why: string }[] = [];
  for (const [i, path] of distinct.entries())
    try {
      files.push(readForAudit(path, names[i]));
    } catch (error) {
      if (!(error instanceof ForensicsError)) throw error;
      failed(error);
      unread.push({ path, why: error.message });
    }
  return { files, failed: unread, contradictions: audit(files.flatMap(f => f.statements)) };
}
