import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { identityOf } from '#record/processes/tagged-processes';
import type { CaseFolder } from './folder.ts';

/** Who works on a case, so that no other does at the same time. */
const Claim = z.strictObject({
  pid: z.number().int().positive(),
  identity: z.string(),
  /** What all processes of the capture carry. */
  mark: z.string(),
});
type Claim = z.infer<typeof Claim>;

const fileOf = (folder: CaseFolder): string => join(folder.private, 'claim.json');

/** Says that this process works on a case. A disk that is full does not keep it from working. */
export function claimCase(folder: CaseFolder, mark: string): void {
  try {
    writeFileSync(fileOf(folder), JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) ?? '', mark } satisfies Claim));
  } catch {
    // Then nobody is kept from resuming it too early.
  }
}

/** Says that nobody works on it any more. */
export const releaseCase = (folder: CaseFolder): void => rmSync(fileOf(folder), { force: true });

/** Who claimed a case and has not released it; `alive` unless it was killed. */
export function claimOf(folder: CaseFolder): (Claim & { readonly alive: boolean }) | undefined {
  try {
    const claim = Claim.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')));
    return { ...claim, alive: identityOf(claim.pid) === claim.identity };
  } catch {
    // There is none, or it was cut off.
    return undefined;
  }
}
