import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bootId, identityOf } from '#record/processes/tagged-processes';
import type { CaseFolder } from './folder.ts';

/** Whatever has a place for what is private: a case, a run of several steps. */
type Locked = Pick<CaseFolder, 'private'>;

/** Who works on a case, so that no other does at the same time; as it lies on disk. */
const CaseLock = z.strictObject({
  pid: z.number().int().positive(),
  identity: z.string(),
  /** The session tag, by the name that it has had since the first version of the file: random, so that nobody can name another's. */
  mark: z.string().regex(/^[0-9a-f]{12}$/),
});
type CaseLock = z.infer<typeof CaseLock>;

/** A lock that nobody has released. */
export interface HeldLock {
  readonly pid: number;
  /** What all processes of the capture carry. */
  readonly sessionTag: string;
  /** Whether its holder still runs; else it was killed. */
  readonly alive: boolean;
  /** Whether it was taken on this machine since it was started; else none of its processes can be running here. */
  readonly isOfThisBoot: boolean;
}

const fileOf = (folder: Locked): string => join(folder.private, 'claim.json');

/** Says that this process works on a case. A disk that is full does not keep it from working. */
export function lockCase(folder: Locked, sessionTag: string): void {
  const lock: CaseLock = { pid: process.pid, identity: identityOf(process.pid) ?? '', mark: sessionTag };
  try {
    writeFileSync(fileOf(folder), JSON.stringify(lock));
  } catch {
    // Then nobody is kept from resuming it too early.
  }
}

/** Says that nobody works on it any more. */
export const unlockCase = (folder: Locked): void => rmSync(fileOf(folder), { force: true });

/** The lock of a case, if there is one. */
export function lockOf(folder: Locked): HeldLock | undefined {
  try {
    const { pid, identity, mark } = CaseLock.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')));
    return { pid, sessionTag: mark, alive: identityOf(pid) === identity, isOfThisBoot: identity.startsWith(`${bootId()} `) };
  } catch {
    // There is none, or it was cut off.
    return undefined;
  }
}
