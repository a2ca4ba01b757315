import { setTimeout as sleep } from 'node:timers/promises';
import type { Started } from '#process/start';
import { workDone } from '#process/work-done';

/** How often the work of nsys is looked at. */
const LOOK_SECONDS = 0.25;
/** Below this share of a core, and with nothing written, a process is idle: agents poll a little even when nothing goes on. */
const IDLE_SHARE = 0.01;

/**
 * Waits for an nsys command that may rightly take minutes, as long as it works: hung is what neither computes nor writes.
 * @param mark of all its processes
 * @param patience seconds without any work after which it counts as hung
 */
export async function waitWhileBusy(command: Started, mark: string, patience: number): Promise<'ended' | 'hung'> {
  let since = process.hrtime.bigint();
  let before = workDone(mark);
  while (command.ending() === undefined) {
    await Promise.race([command.ended, sleep(LOOK_SECONDS * 1000, undefined, { ref: false })]);
    const idle = Number(process.hrtime.bigint() - since) / 1e9;
    if (idle < patience) continue;
    const done = workDone(mark);
    if (done.cpuSeconds - before.cpuSeconds < IDLE_SHARE * idle && done.writtenBytes === before.writtenBytes) return 'hung';
    since = process.hrtime.bigint();
    before = done;
  }
  return 'ended';
}
