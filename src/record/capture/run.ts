import { setTimeout as sleep } from 'node:timers/promises';
import type { Started } from '#record/processes/start';
import { isRunning } from '#record/processes/tagged-processes';
import { LAUNCHES, type Recorder } from './recorder.ts';
import { appeared } from './workload.ts';

/** A workload that runs, or has run. */
export interface Run {
  readonly pid: number | undefined;
  /** Resolves when the workload has ended. */
  readonly gone: Promise<void>;
  readonly isGone: () => boolean;
  /** How it ended, where that can be told. */
  readonly ending: () => { readonly code: number | null; readonly signal: string | null };
  readonly launched: Started;
  /** Why no workload ran. */
  readonly failure: string | undefined;
}

/** A process that is not our child can only be looked at. */
const LOOK_SECONDS = 0.1;
const START_SECONDS = 60;
const RETRY_SECONDS = 0.5;

/**
 * Starts the workload and waits until it runs. nsys now and then fails to (2022.4: "End of file", "sem_open"), such as when the session of
 * another capture ends at that moment; as long as the workload has not begun, nothing is lost by trying again.
 */
export async function launch(recorder: Recorder, command: readonly string[], pidFile: string): Promise<Run> {
  let launched = await recorder.launch(command, pidFile);
  const begun = () => appeared(pidFile, START_SECONDS, () => launched.ending() !== undefined);
  let pid = await begun();
  for (let tries = 1; pid === undefined && launched.ending() !== undefined && tries < LAUNCHES; tries++) {
    await sleep(RETRY_SECONDS * 1000);
    launched = await recorder.launch(command, pidFile);
    pid = await begun();
  }
  let over = pid === undefined;
  const gone = (async () => {
    while (!over) {
      // Whoever waits for it keeps us alive; this alone does not.
      await sleep(LOOK_SECONDS * 1000, undefined, { ref: false });
      over = pid === undefined || !isRunning(pid);
    }
  })();
  return {
    pid,
    gone,
    isGone: () => over || (pid !== undefined && !isRunning(pid)),
    ending: () => {
      const end = recorder.endsWithWorkload ? launched.ending() : undefined;
      // nsys itself may have been killed: that says nothing of the workload.
      return end === undefined || end.signal !== null ? { code: null, signal: null } : { code: end.code, signal: null };
    },
    launched,
    failure:
      pid !== undefined
        ? undefined
        : launched.ending() === undefined
          ? `the workload did not start within ${START_SECONDS} s`
          : `nsys could not start the workload (exit code ${launched.ending()?.code ?? 'none'}): its words are in workload.log`,
  };
}
