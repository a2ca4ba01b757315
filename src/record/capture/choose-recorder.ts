import type { CaseFolder } from './folder.ts';
import type { Journal } from './journal.ts';
import { profileRecorder } from './profile-recorder.ts';
import type { RecordOptions } from './record-options.ts';
import type { Recorder } from './recorder.ts';
import { SessionRecorder } from './session-recorder.ts';

/** The recorder that goes with the method of the plan. */
export function chooseRecorder(options: RecordOptions, folder: CaseFolder, env: NodeJS.ProcessEnv, journal: Journal): Recorder {
  const { plan, nsys, recording, sessionTag, patienceSeconds } = options;
  if (plan.nsys.method === 'sessions')
    return new SessionRecorder(nsys, recording, folder, env, {
      session: `forensics-${sessionTag}`,
      name: 'trace',
      sessionTag,
      patienceSeconds,
      tell: what => journal.tell({ event: 'note', what }),
    });
  const window = { delaySeconds: plan.delay_s, durationSeconds: plan.duration_s ?? undefined };
  return profileRecorder(nsys, recording, folder, env, {
    session: `forensics-${sessionTag}`,
    window,
    name: 'trace',
    ranks: options.ranks,
    sessionTag,
    patienceSeconds,
  });
}
