import { rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Nsys } from '#record/nsys/installed';
import { exportReport } from '#record/nsys/report-files';

/** nsys writes a report in several goes, seconds apart at most: one that nobody has touched for so long is whole. */
const SETTLED_MS = 10_000;
async function settled(report: string): Promise<void> {
  for (;;) {
    const age = Date.now() - statSync(report).mtimeMs;
    if (age >= SETTLED_MS) return;
    await sleep(SETTLED_MS - Math.max(0, age));
  }
}

/**
 * Exports a report once it is whole. Where the application's own range ends a recording, nothing says when that is, and the report has its
 * name long before: one that was written to meanwhile is exported again.
 * @throws ForensicsError damaged-trace when the export of a whole report fails
 */
export async function exportWhole(nsys: Nsys, report: string, to: string, seconds: number, env: NodeJS.ProcessEnv): Promise<void> {
  for (;;) {
    const before = statSync(report);
    const failure: unknown = await exportReport(nsys, report, to, seconds, env).then(
      () => undefined,
      error => error,
    );
    if (failure !== undefined) await settled(report);
    const after = statSync(report);
    if (after.mtimeMs === before.mtimeMs && after.size === before.size) {
      if (failure !== undefined) throw failure;
      return;
    }
    rmSync(to, { force: true });
  }
}
