import { writeFileSync } from 'node:fs';

/**
 * Linux lets a thread oversleep by its timer slack, 50 microseconds unless told otherwise (man 5 proc: timerslack_ns), which is half a
 * nap of PreciseQueue. Asks for the least, for the main thread and for what it starts from now on; where that is not to be had, naps
 * are that much longer.
 */
export function wakeOnTime(): void {
  try {
    writeFileSync('/proc/self/timerslack_ns', '1');
  } catch {
    // Not Linux, an old kernel, or a sandbox that forbids it.
  }
}
