import { setTimeout as sleep } from 'node:timers/promises';
import { isProfiler, isRunning, type TaggedProcess, taggedProcesses } from './tagged-processes.ts';

const POLL_MS = 50;
/** How often processes that appear while others are ended are looked for again. */
const SWEEPS = 5;

/** Sends a signal to one process; one that is gone is no failure. */
export const signalProcess = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
};

/** Waits until a condition holds or the time is up; says which. */
export async function until(holds: () => boolean, seconds: number): Promise<boolean> {
  const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9));
  while (!holds()) {
    if (process.hrtime.bigint() >= end) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Ends processes: asks first, and kills what is still there after `graceSeconds`. */
export async function endProcesses(pids: readonly number[], graceSeconds: number): Promise<void> {
  for (const pid of pids) signalProcess(pid, 'SIGTERM');
  if (await until(() => !pids.some(isRunning), graceSeconds)) return;
  const stubborn = pids.filter(isRunning);
  for (const pid of stubborn) signalProcess(pid, 'SIGKILL');
  await until(() => !stubborn.some(isRunning), 5);
}

/**
 * Ends all that carries the session tag, also what appears meanwhile.
 * @param spare leaves a process alone
 */
export async function endTagged(
  sessionTag: string,
  graceSeconds: number,
  spare: (process: TaggedProcess) => boolean = () => false,
): Promise<void> {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const left = taggedProcesses(sessionTag).filter(p => !spare(p));
    if (left.length === 0) return;
    await endProcesses(
      left.map(p => p.pid),
      sweep === 0 ? graceSeconds : 1,
    );
  }
}

/**
 * Ends a recording with all that belongs to it: its workload first, upon which nsys writes its recording and ends by itself. An nsys that was
 * just starting may start the workload only now: that is ended as soon as it is there.
 */
export async function endRecording(sessionTag: string, graceSeconds: number, savingSeconds: number): Promise<void> {
  await endTagged(sessionTag, graceSeconds, isProfiler);
  const end = process.hrtime.bigint() + BigInt(Math.round(savingSeconds * 1e9));
  while (taggedProcesses(sessionTag).length > 0 && process.hrtime.bigint() < end) {
    await endTagged(sessionTag, graceSeconds, isProfiler);
    await sleep(POLL_MS);
  }
  await endTagged(sessionTag, graceSeconds);
}
