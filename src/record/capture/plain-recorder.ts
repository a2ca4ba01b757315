import { start } from '#record/processes/start';
import type { CaseFolder } from './folder.ts';
import type { Recorder } from './recorder.ts';
import { tracked } from './workload.ts';

/** Runs the workload without any profiler: the control, against which the profiler's cost is measured. */
export const plainRecorder = (folder: CaseFolder, env: NodeJS.ProcessEnv): Recorder => ({
  endsWithWorkload: true,
  launch: (command, pidFile) => {
    const [program = '', ...args] = tracked(pidFile, command);
    return start(program, args, { env, stdout: folder.log('control'), stderr: folder.log('control') });
  },
  open: async () => undefined,
  close: async () => undefined,
  shutdownActions: [],
});
