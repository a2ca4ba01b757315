import { statfsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Free bytes on the disk of a path that unprivileged users may fill; undefined where that cannot be told. */
export function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/**
 * Resolves, with the path, when the disk of one of the paths has less than so many bytes left; never otherwise.
 * @param stopped ends the watch
 */
export async function runsFull(paths: readonly string[], floorBytes: number, stopped: AbortSignal): Promise<string> {
  for (;;) {
    const full = paths.find(p => (freeBytes(p) ?? Number.POSITIVE_INFINITY) < floorBytes);
    if (full !== undefined) return full;
    if (stopped.aborted) return new Promise(() => {});
    await sleep(1000, undefined, { ref: false });
  }
}
