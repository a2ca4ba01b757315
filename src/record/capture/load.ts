import { join } from 'node:path';
import { type StopSignals, whenAborted } from '#record/processes/interruption';
import { killGroup } from '#record/processes/run';
import { start } from '#record/processes/start';
import type { RecordContext } from './record-context.ts';
import { waitFor } from './wait.ts';

/** A load test that runs beside the workload. */
export interface LoadTest {
  /** Waits until it has ended; asks it to end, so that it may write its results, when its time is up or nobody answers it any more. */
  finish(signals: StopSignals, workloadGone: () => boolean, limitSeconds: number): Promise<void>;
}

const LOAD_OUTPUT = 'load-output';
/** Time for a load test to write what it has. */
const WRITING_SECONDS = 30;

/** Starts a load test by the shell. Its output goes beside what the workload leaves, since it may be the results. */
export async function startLoad(command: string, { journal, folder, artifacts, env, progress }: RecordContext): Promise<LoadTest> {
  const started = await start('sh', ['-c', command], { env, stdout: join(artifacts, LOAD_OUTPUT), stderr: folder.log('load') });
  journal.tell({ event: 'load-started' });
  progress('load test started');
  return {
    finish: async (signals, workloadGone, limitSeconds) => {
      if (started.ending() === undefined) progress('waiting for the load test to end');
      const limit = workloadGone() || signals.stop.aborted ? WRITING_SECONDS : limitSeconds;
      const ended = { why: 'ended' as const, when: started.ended };
      const second = { why: 'second' as const, when: whenAborted(signals.hurry) };
      if ((await waitFor(limit, [ended, second])) !== 'ended') {
        killGroup(started.pid, 'SIGINT');
        if ((await waitFor(WRITING_SECONDS, [ended, second])) !== 'ended') killGroup(started.pid, 'SIGKILL');
        await waitFor(5, [ended]);
      }
      const code = started.ending()?.code ?? null;
      journal.tell({ event: 'load-ended', code });
      if (code !== 0)
        journal.tell({ event: 'missing', what: `the load test failed (exit code ${code ?? 'none'}): see load.log in the private folder` });
    },
  };
}
