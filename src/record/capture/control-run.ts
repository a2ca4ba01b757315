import { makeFolder } from '#core/make-folder';
import { endTagged } from '#record/processes/end';
import { isProfiler } from '#record/processes/tagged-processes';
import { takeRequests } from './artifacts.ts';
import type { CaseFolder } from './folder.ts';
import { type Journal, now } from './journal.ts';
import { plainRecorder } from './plain-recorder.ts';
import type { RecordContext } from './record-context.ts';
import type { RecordOptions } from './record-options.ts';
import type { Recorder } from './recorder.ts';
import { runSchedule, type Schedule } from './recording-schedule.ts';
import { stopWorkload } from './workload.ts';

/** The same schedule without the profiler; its workload is stopped at the end of it. */
export async function controlRun(folder: CaseFolder, options: RecordOptions, schedule: Schedule, context: RecordContext): Promise<void> {
  context.progress('control run: the workload without the profiler');
  makeFolder(folder.control);
  const env = { ...context.env, FORENSICS_WORKLOAD_DIR: folder.control };
  const { plan } = options;
  const entries: { opened?: string; closed?: string } = {};
  const recorder = plainRecorder(folder, env);
  const timed: Recorder = {
    ...recorder,
    open: async () => {
      entries.opened = now();
      return undefined;
    },
    close: async () => {
      entries.closed = now();
      return undefined;
    },
  };
  // Only what concerns the case goes into its journal.
  const quiet: Journal = {
    entries: context.journal.entries,
    tell: entry => {
      if (entry.event === 'interrupted') context.journal.tell(entry);
      else if (entry.event === 'missing') context.journal.tell({ event: 'missing', what: `control run: ${entry.what}` });
    },
  };
  const { run } = await runSchedule(
    timed,
    options.command,
    `${folder.private}/control.pid`,
    { ...schedule, windows: ['control'] },
    { ...context, env, artifacts: folder.control, journal: quiet },
  );
  await stopWorkload(run.pid, options.sessionTag, options.graceSeconds, 'SIGTERM', context.signals.hurry);
  await endTagged(options.sessionTag, options.graceSeconds, isProfiler);
  if (plan.requests !== null) takeRequests(plan.requests, folder.control);
  if (entries.opened !== undefined && entries.closed !== undefined)
    context.journal.tell({ event: 'control-window', opened: entries.opened, closed: entries.closed });
}
