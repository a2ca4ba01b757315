import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endRecording, until } from '#record/processes/end';
import { taggedProcesses } from '#record/processes/tagged-processes';
import { isWatched } from '#record/processes/watchdog';
import type { CaseFolder } from './folder.ts';

/** A guard gives nsys a minute for its report, and then ends everything. */
const GUARD_SECONDS = 120;
const REPORT_SECONDS = 60;
const GRACE_SECONDS = 5;

/** Waits until a killed capture's guard has ended what that left running; where the guard was killed too, does so itself. */
export async function cleanUp(mark: string, progress: (step: string) => void): Promise<void> {
  const none = () => taggedProcesses(mark).length === 0;
  if (isWatched(mark)) {
    progress('waiting until all that the capture started has ended');
    await until(() => none() && !isWatched(mark), GUARD_SECONDS);
  }
  if (none()) return;
  progress('ending what the capture left running');
  await endRecording(mark, GRACE_SECONDS, REPORT_SECONDS);
}

/** What is written under a temporary name first has this in it. */
const PART = /\.part(?:[.-]|$)/;

/** Removes what was being written when a capture was cut off. What the workload left is not ours to judge. */
export function sweepParts(folder: CaseFolder): void {
  const inCase = readdirSync(folder.path, { recursive: true, withFileTypes: true });
  const inPrivate = readdirSync(folder.private, { withFileTypes: true });
  for (const f of [...inCase, ...inPrivate]) if (f.isFile() && PART.test(f.name)) rmSync(join(f.parentPath, f.name), { force: true });
}
