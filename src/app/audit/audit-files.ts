import { accessSync, constants, statSync } from 'node:fs';
import { basename } from 'node:path';
import { type Expanded, expanded } from '#app/inputs/expanded';
import { isRecording } from '#app/inputs/recording';
import { type Scratch, type Surroundings, withScratch } from '#app/inputs/scratch';
import { audit } from '#audit/audit';
import type { Contradiction } from '#audit/define';
import { ForensicsError } from '#core/errors';
import type { AuditFile } from './audit-file.ts';
import { readForAudit } from './audit-input.ts';

/** What an audit read and found. */
export interface Audited {
  readonly files: readonly AuditFile[];
  readonly failed: readonly { readonly path: string; readonly why: string }[];
  readonly contradictions: readonly Contradiction[];
}

/** Names that tell the files apart: the last part of the path, or all of it where two are alike. */
const namesOf = (files: readonly string[]): string[] =>
  files.map((f, i) => (files.some((o, j) => j !== i && basename(o) === basename(f)) ? f : basename(f)));

/** Where the plain content of a file lies; what is no readable file is left to its reader, who says so. */
const plainOf = async (path: string, scratch: Scratch): Promise<string> => {
  try {
    accessSync(path, constants.R_OK);
  } catch {
    return path;
  }
  return statSync(path).isFile() && !isRecording(path) ? scratch.plain(path) : path;
};

/**
 * Finds numbers of some files that contradict each other. All that can be read is read; a folder stands for its files.
 * @param failed told at once of a file that cannot be read
 */
export const auditFiles = (paths: readonly string[], failed: (error: ForensicsError) => void, around: Surroundings): Promise<Audited> =>
  withScratch(around, scratch => auditExpanded(expanded(paths), failed, around.progress, scratch));

async function auditExpanded(
  distinct: readonly Expanded[],
  failed: (error: ForensicsError) => void,
  passedOver: (sentence: string) => void,
  scratch: Scratch,
): Promise<Audited> {
  if (distinct.length === 0)
    throw new ForensicsError(
      'not-found',
      'there is no file to audit in what was named',
      'Name results, telemetry or reports, or a folder that holds them.',
    );
  const names = namesOf(distinct.map(({ path }) => path));
  const files: AuditFile[] = [];
  const unread: { path: string; why: string }[] = [];
  for (const [i, { path, isNamed }] of distinct.entries())
    try {
      files.push(readForAudit(path, names[i], await plainOf(path, scratch)));
    } catch (error) {
      if (!(error instanceof ForensicsError)) throw error;
      if (!isNamed && error.code === 'unknown-format') {
        passedOver(`passed over ${basename(path)}: ${error.message}`);
        continue;
      }
      failed(error);
      unread.push({ path, why: error.message });
    }
  return { files, failed: unread, contradictions: audit(files.flatMap(f => f.statements)) };
}
