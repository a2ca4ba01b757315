import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes, Seconds } from '#core/units';
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
 * @param patienceSeconds without any work after which it counts as hung
 * @param bytes of what it writes, which grows also where its processes cannot be seen
 */
export async function waitWhileBusy(
  over: () => boolean,
  sessionTag: string,
  patienceSeconds: Seconds,
  bytes: () => Bytes = () => 0,
): Promise<'ended' | 'hung'> {
  const look = () => ({ ...workDone(sessionTag), bytes: bytes(), at: process.hrtime.bigint() });
  let before = look();
  while (!over()) {
    await sleep(LOOK_SECONDS * 1000);
    const idleSeconds = Number(process.hrtime.bigint() - before.at) / 1e9;
    if (idleSeconds < Math.min(patienceSeconds, WORK_SECONDS)) continue;
    const now = look();
    if (
      now.cpuSeconds - before.cpuSeconds >= IDLE_SHARE * idleSeconds ||
      now.writtenBytes !== before.writtenBytes ||
      now.bytes !== before.bytes
    )
      before = now;
    else if (idleSeconds >= patienceSeconds) return over() ? 'ended' : 'hung';
  }
  return 'ended';
}
