import { rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Nsys } from '#record/nsys/installed';
import { exportRecording } from '#record/nsys/recording-files';

/** nsys writes a recording in several goes, seconds apart at most: one that nobody has touched for so long is whole. */
const SETTLED_MS = 10_000;
async function settled(recording: string): Promise<void> {
  for (;;) {
    const age = Date.now() - statSync(recording).mtimeMs;
    if (age >= SETTLED_MS) return;
    await sleep(SETTLED_MS - Math.max(0, age));
  }
}

/**
 * Exports the file of nsys once it is whole. Where the application's own range ends a recording, nothing says when that is, and the file has its
 * name long before: one that was written to meanwhile is exported again.
 * @throws ForensicsError damaged-trace when the export of a whole recording fails
 */
export async function exportWhole(nsys: Nsys, recording: string, to: string, seconds: number, env: NodeJS.ProcessEnv): Promise<void> {
  for (;;) {
    const before = statSync(recording);
    const failure: unknown = await exportRecording(nsys, recording, to, seconds, env).then(
      () => undefined,
      error => error,
    );
    if (failure !== undefined) await settled(recording);
    const after = statSync(recording);
    if (after.mtimeMs === before.mtimeMs && after.size === before.size) {
      if (failure !== undefined) throw failure;
      return;
    }
    rmSync(to, { force: true });
  }
}
