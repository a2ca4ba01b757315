import { setTimeout as sleep } from 'node:timers/promises';
import { workDone } from '#record/processes/work-done';

/** How often nsys is looked at, and how often its work. */
const LOOK_SECONDS = 0.1;
const WORK_SECONDS = 0.5;
/** Below this share of a core, and with nothing written, a process is idle: agents poll a little even when nothing goes on. */
const IDLE_SHARE = 0.01;

/**
 * Waits for an nsys that may rightly take minutes, as long as it works: hung is what neither computes nor writes.
 * @param over whether it is done
 * @param sessionTag of all its processes
 * @param patience seconds without any work after which it counts as hung
 * @param size of what it writes, which grows also where its processes cannot be seen
 */
export async function waitWhileBusy(
  over: () => boolean,
  sessionTag: string,
  patience: number,
  size: () => number = () => 0,
): Promise<'ended' | 'hung'> {
  const look = () => ({ ...workDone(sessionTag), size: size(), at: process.hrtime.bigint() });
  let before = look();
  while (!over()) {
    await sleep(LOOK_SECONDS * 1000);
    const idle = Number(process.hrtime.bigint() - before.at) / 1e9;
    if (idle < Math.min(patience, WORK_SECONDS)) continue;
    const now = look();
    if (now.cpuSeconds - before.cpuSeconds >= IDLE_SHARE * idle || now.writtenBytes !== before.writtenBytes || now.size !== before.size)
      before = now;
    else if (idle >= patience) return over() ? 'ended' : 'hung';
  }
  return 'ended';
}
