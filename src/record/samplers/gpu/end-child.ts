import { until } from '#record/processes/end';
import { killGroup } from '#record/processes/run';
import type { Started } from '#record/processes/start';

/** Ends a child that has its own process group: asks first, and kills what is still there after `graceSeconds`. */
export async function endChild(child: Started, graceSeconds: number): Promise<void> {
  const gone = () => child.ending() !== undefined;
  if (gone()) return;
  killGroup(child.pid, 'SIGTERM');
  if (await until(gone, graceSeconds)) return;
  killGroup(child.pid, 'SIGKILL');
  await until(gone, 5);
}
