import { readFileSync } from 'node:fs';
import { endTagged, signalProcess, until } from '#record/processes/end';
import { killGroup } from '#record/processes/run';
import { groupOf, isProfiler, isRunning } from '#record/processes/tagged-processes';

/**
 * Runs the workload in place of a shell that first writes down its process id: nsys and launchers put processes of their own
 * between us and it, and it must be found to be stopped in order.
 */
export const tracked = (pidFile: string, command: readonly string[]): string[] => [
  'sh',
  '-c',
  'echo $$ >"$0"; exec "$@"',
  pidFile,
  ...command,
];

/** Process id that `tracked` wrote, or undefined as long as there is none. */
function trackedPid(pidFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'latin1'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Waits until the workload runs. */
export async function appeared(pidFile: string, seconds: number, gone: () => boolean): Promise<number | undefined> {
  await until(() => trackedPid(pidFile) !== undefined || gone(), seconds);
  return trackedPid(pidFile);
}

/** Time for the children of a workload that has ended to end themselves. */
const STRAGGLER_SECONDS = 5;

/**
 * Asks the workload to end as a terminal would, kills it when it does not, and ends what it left behind.
 * @param graceSeconds that it may take to end
 * @param hurry when it may take no longer
 */
export async function stopWorkload(
  pid: number | undefined,
  sessionTag: string,
  graceSeconds: number,
  signal: NodeJS.Signals,
  hurry: AbortSignal,
): Promise<'ended' | 'killed'> {
  let how: 'ended' | 'killed' = 'ended';
  if (pid !== undefined && isRunning(pid)) {
    // One signal each: a second one means "at once" to many servers.
    if (groupOf(pid) === pid) killGroup(pid, signal);
    else signalProcess(pid, signal);
    await until(() => !isRunning(pid) || hurry.aborted, graceSeconds);
    if (isRunning(pid)) how = 'killed';
  }
  await endTagged(sessionTag, how === 'killed' || hurry.aborted ? 0 : STRAGGLER_SECONDS, isProfiler);
  return how;
}
