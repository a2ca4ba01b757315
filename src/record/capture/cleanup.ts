import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endRecording, until } from '#record/processes/end';
import { taggedProcesses } from '#record/processes/tagged-processes';
import { isWatched } from '#record/processes/watchdog';
import type { CaseFolder } from './folder.ts';

/** A watchdog gives nsys a minute for its recording, and then ends everything. */
const WATCHDOG_SECONDS = 120;
const SAVING_SECONDS = 60;
const GRACE_SECONDS = 5;

/** Waits until a killed capture's watchdog has ended what that left running; where the watchdog was killed too, does so itself. */
export async function cleanUp(sessionTag: string, progress: (step: string) => void): Promise<void> {
  const none = () => taggedProcesses(sessionTag).length === 0;
  if (isWatched(sessionTag)) {
    progress('waiting until all that the capture started has ended');
    await until(() => none() && !isWatched(sessionTag), WATCHDOG_SECONDS);
  }
  if (none()) return;
  progress('ending what the capture left running');
  await endRecording(sessionTag, GRACE_SECONDS, SAVING_SECONDS);
}

/** What is written under a temporary name first has this in it. */
const PART = /\.part(?:[.-]|$)/;

/** Removes what was being written when a capture was cut off. What the workload left is not ours to judge. */
export function sweepParts(folder: CaseFolder): void {
  const inCase = readdirSync(folder.path, { recursive: true, withFileTypes: true });
  const inPrivate = readdirSync(folder.private, { withFileTypes: true });
  for (const f of [...inCase, ...inPrivate]) if (f.isFile() && PART.test(f.name)) rmSync(join(f.parentPath, f.name), { force: true });
}
