import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { identityOf } from '#record/processes/tagged-processes';
import type { CaseFolder } from './folder.ts';

/** Who works on a case, so that no other does at the same time. */
const CaseLock = z.strictObject({
  pid: z.number().int().positive(),
  identity: z.string(),
  /** What all processes of the capture carry. */
  mark: z.string(),
});
type CaseLock = z.infer<typeof CaseLock>;

const fileOf = (folder: CaseFolder): string => join(folder.private, 'claim.json');

/** Says that this process works on a case. A disk that is full does not keep it from working. */
export function lockCase(folder: CaseFolder, mark: string): void {
  try {
    writeFileSync(fileOf(folder), JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) ?? '', mark } satisfies CaseLock));
  } catch {
    // Then nobody is kept from resuming it too early.
  }
}

/** Says that nobody works on it any more. */
export const unlockCase = (folder: CaseFolder): void => rmSync(fileOf(folder), { force: true });

/** Who claimed a case and has not released it; `alive` unless it was killed. */
export function claimOf(folder: CaseFolder): (CaseLock & { readonly alive: boolean }) | undefined {
  try {
    const claim = CaseLock.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')));
    return { ...claim, alive: identityOf(claim.pid) === claim.identity };
  } catch {
    // There is none, or it was cut off.
    return undefined;
  }
}
