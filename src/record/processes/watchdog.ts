import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '#core/package-root';

/** What is to be done when we are gone without having said good-bye. */
export interface ShutdownActions {
  /** Value of the session tag that all our processes carry. */
  readonly sessionTag: string;
  /** Commands that save what was collected, each tried for so long before everything is ended. */
  readonly commands: readonly { readonly command: string; readonly args: readonly string[]; readonly seconds: number }[];
  /** Time for the processes to end in order. */
  readonly graceSeconds: number;
  /** A file to which lines of JSON are added that say what happened, if somebody is to know. */
  readonly journal?: string;
}

export interface Watchdog {
  /** All went well: the watchdog leaves without doing anything. */
  release(): void;
}

/** The built one, also when this file runs as source: Node runs no TypeScript. */
const MAIN = fileURLToPath(new URL('dist/record/processes/watchdog-main.js', PACKAGE_ROOT));
/** What the watchdog reads when it is not needed any more; anything else, such as the end of the pipe, means that we died. */
export const RELEASED = 'released\n';

/** Whether a watchdog still watches over what carries a session tag, or carries out its shutdown actions. */
export const isWatched = (sessionTag: string): boolean =>
  readdirSync('/proc').some(pid => {
    try {
      const command = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      return command.includes(MAIN) && command.includes(`"sessionTag":${JSON.stringify(sessionTag)}`);
    } catch {
      return false;
    }
  });

/**
 * Starts a process that watches over us through a pipe: whatever way we die, the pipe's other end closes, and the shutdown actions are
 * carried out. So no process outlives us, even when we are killed.
 */
export function startWatchdog(actions: ShutdownActions, env: NodeJS.ProcessEnv): Watchdog {
  const child = spawn(process.execPath, [MAIN, JSON.stringify(actions)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env });
  child.unref();
  // A watchdog that died first is no reason to fail: what it watches over is still well.
  child.stdin.on('error', () => {});
  child.on('error', () => {});
  return {
    release: () => {
      child.stdin.end(RELEASED);
    },
  };
}
