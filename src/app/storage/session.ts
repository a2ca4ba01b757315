import { randomUUID } from 'node:crypto';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { startWatchdog } from '#record/processes/watchdog';
import { lockFolder } from './lock.ts';
import { Markers } from './markers.ts';

/** How long servers may take to end in order when we were killed, s. */
const GRACE_SECONDS = 2;

/** This process at work on a folder. */
export interface Session {
  /** For the programs that are started: by its tag a watchdog finds them when we are killed. */
  readonly env: NodeJS.ProcessEnv;
  readonly markers: Markers;
  end(): void;
}

/** Locks a folder for this process, and sees to it that nothing that carries the session's tag outlives it. @throws ForensicsError bad-argument, not-writable */
export async function beginSession(folder: string, outer: NodeJS.ProcessEnv): Promise<Session> {
  const { [SESSION_TAG]: _outer, ...clean } = outer;
  const sessionTag = `storage-${randomUUID()}`;
  const unlock = await lockFolder(folder, sessionTag);
  // Without the tag, lest it ends itself.
  const watchdog = startWatchdog({ sessionTag, commands: [], graceSeconds: GRACE_SECONDS }, clean);
  const markers = new Markers(folder);
  return {
    env: { ...clean, [SESSION_TAG]: sessionTag },
    markers,
    end: () => {
      markers.close();
      unlock();
      watchdog.release();
    },
  };
}
