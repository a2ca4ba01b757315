import { temporaryRoot } from '#core/temporary/folder';
import { endTagged } from '#record/processes/end';
import { interruptOf } from '#record/processes/interruption';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { startWatchdog, type Watchdog } from '#record/processes/watchdog';
import { clockPair } from '#record/samplers/clock-pair';
import { takeRequests } from './artifacts.ts';
import { chooseRecorder } from './choose-recorder.ts';
import { controlRun } from './control-run.ts';
import type { CaseFolder } from './folder.ts';
import { type Journal, openJournal } from './journal.ts';
import { keepFolders } from './kept-folders.ts';
import { FLOOR_BYTES } from './preflight.ts';
import type { RecordContext } from './record-context.ts';
import type { RecordOptions } from './record-options.ts';
import type { Recorder } from './recorder.ts';
import { runSchedule, type Schedule } from './recording-schedule.ts';
import type { Run } from './run.ts';
import { waitFor } from './wait.ts';
import { stopWorkload } from './workload.ts';

/** A capture whose recording is over; its workload may still run. */
export interface Recorded {
  readonly journal: Journal;
  readonly run: Run | undefined;
  /** Ends whatever is left, but for a workload that is to be left alone, and lets the watchdog go. */
  readonly settle: (leave: boolean) => Promise<void>;
  /** Waits for the workload and says how it ended. */
  readonly workloadEnd: () => Promise<void>;
  /** Stops the workload and says how it ended. */
  readonly stop: (signal: NodeJS.Signals) => Promise<void>;
}

export const windowNames = (count: number): string[] =>
  count === 1 ? ['trace'] : Array.from({ length: count }, (_, i) => `window-${i + 1}`);

/** How long the exit code of a workload that has ended may take to reach us. */
const EXIT_CODE_SECONDS = 10;

/** The environment of the workload and of all that runs around it. */
function environmentOf({ path, workload }: CaseFolder, { env, sessionTag, recording }: RecordOptions): NodeJS.ProcessEnv {
  return {
    ...env,
    [SESSION_TAG]: sessionTag,
    FORENSICS_CASE: path,
    FORENSICS_WORKLOAD_DIR: workload,
    // Without this nsys heeds registered strings alone, and hardly a program registers its ranges.
    ...(recording.range?.kind === 'nvtx' ? { NSYS_NVTX_PROFILER_REGISTER_ONLY: '0' } : {}),
  };
}

const scheduleOf = ({ plan, everySeconds, ready, load }: RecordOptions): Schedule => ({
  windows: windowNames(plan.windows),
  delaySeconds: plan.delay_s,
  durationSeconds: plan.duration_s ?? undefined,
  everySeconds,
  ready,
  load,
  floorBytes: FLOOR_BYTES,
});

async function startSamplers({ samplers }: RecordOptions, folder: CaseFolder, journal: Journal): Promise<void> {
  for (const sampler of samplers) {
    const outcome = await sampler.start(folder.path);
    if (!outcome.sampling) journal.tell({ event: 'note', what: outcome.why });
  }
}

async function stopSamplers({ samplers }: RecordOptions, journal: Journal): Promise<void> {
  for (const sampler of samplers) journal.tell({ event: 'sampled', summary: await sampler.stop() });
}

/** Waits for a workload, or stops it, and says once how it ended. @param runOf the workload, where it began */
function workloadEnds(
  runOf: () => Run | undefined,
  { endsWithWorkload }: Recorder,
  { sessionTag, graceSeconds, ranks, signals, progress }: RecordOptions,
  journal: Journal,
): Pick<Recorded, 'workloadEnd' | 'stop'> {
  let told = false;
  const workloadEnd = async () => {
    const run = runOf();
    // What never began cannot end.
    if (run?.pid === undefined || told) return;
    await waitFor(undefined, [{ why: 'gone', when: run.gone }]);
    if (endsWithWorkload) await waitFor(EXIT_CODE_SECONDS, [{ why: 'ended', when: run.launched.ended }]);
    told = true;
    journal.tell({ event: 'workload-ended', ...run.ending() });
  };
  const stop = async (signal: NodeJS.Signals) => {
    const run = runOf();
    if (run === undefined) return;
    if (!run.isGone()) {
      progress('stopping the workload');
      journal.tell({ event: 'workload-stopped', signal });
      // One Ctrl-C only makes srun say how its tasks are.
      const asked = ranks?.name === 'srun' ? 'SIGTERM' : signal;
      const how = await stopWorkload(run.pid, sessionTag, graceSeconds, asked, signals.hurry);
      const why = signals.hurry.aborted ? 'was killed: interrupted twice' : `did not end within ${graceSeconds} s and was killed`;
      if (how === 'killed') journal.tell({ event: 'note', what: `the workload ${why}` });
    }
    if (run.isGone()) await workloadEnd();
  };
  return { workloadEnd, stop };
}

/**
 * Runs the workload and records it. Failures go to the journal; only what keeps it from starting at all is thrown.
 * @throws ForensicsError not-found when nsys or the workload cannot be started
 */
export async function record(folder: CaseFolder, options: RecordOptions): Promise<Recorded> {
  const { plan, sessionTag, signals, progress } = options;
  const journal = openJournal(folder.journal, options.clean);
  journal.tell({ event: 'planned', plan });
  const env = environmentOf(folder, options);
  const recorder = chooseRecorder(options, folder, env, journal);
  const watchdog: Watchdog = startWatchdog(
    { sessionTag, commands: recorder.shutdownActions, graceSeconds: options.graceSeconds, journal: folder.journal },
    options.env,
  );
  const disks = [folder.private, temporaryRoot()];
  const { mend, release } = keepFolders(folder, sessionTag, journal);
  const context: RecordContext = { folder, journal, signals, env, artifacts: folder.workload, disks, mend, progress };
  const schedule = scheduleOf(options);
  const clock = (label: string) => journal.tell({ event: 'clock', label, pair: clockPair() });

  let run: Run | undefined;
  const { workloadEnd, stop } = workloadEnds(() => run, recorder, options, journal);
  const settle = async (leave: boolean) => {
    if (leave) run?.launched.release();
    else await endTagged(sessionTag, signals.hurry.aborted ? 0 : options.graceSeconds);
    watchdog.release();
  };
  try {
    if (plan.control === 'before') await controlRun(folder, options, schedule, context);
    clock('start');
    await startSamplers(options, folder, journal);
    const before = interruptOf(signals.stop);
    if (before === undefined) run = (await runSchedule(recorder, options.command, `${folder.private}/workload.pid`, schedule, context)).run;
    else journal.tell({ event: 'interrupted', signal: before });
    await stopSamplers(options, journal);
    clock('end');
    if (plan.requests !== null) {
      const lost = takeRequests(plan.requests, folder.workload);
      if (lost !== undefined) journal.tell({ event: 'missing', what: lost });
    }
    const signal = interruptOf(signals.stop);
    if (signal !== undefined || plan.afterwards === 'stop') await stop(signal ?? 'SIGTERM');
    else if (run?.isGone() === true) await workloadEnd();
    if (plan.control === 'after' && signal === undefined) await controlRun(folder, options, schedule, context);
    mend();
    journal.tell({ event: 'recorded' });
    return { journal, run, settle, workloadEnd, stop };
  } catch (error) {
    for (const sampler of options.samplers) await sampler.stop();
    await settle(false);
    throw error;
  } finally {
    release();
  }
}
