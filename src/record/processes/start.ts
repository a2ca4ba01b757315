import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A long-running child in a session of its own, so that a Ctrl-C at the terminal reaches it only when we pass it on. */
export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** Undefined while it runs. */
  readonly ending: () => Ending | undefined;
  /** Lets us end before it does. */
  readonly release: () => void;
}

/**
 * Starts a long-running command whose output goes to files: a pipe would break, and hurt the child, if we died.
 * @throws ForensicsError not-found when the command cannot be started
 */
export function start(
  command: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string; readonly stdout: string; readonly stderr: string },
): Promise<Started> {
  const stdout = openSync(options.stdout, 'a');
  const stderr = options.stderr === options.stdout ? stdout : openSync(options.stderr, 'a');
  try {
    const child = spawn(command, args, {
      stdio: ['ignore', stdout, stderr],
      detached: true,
      env: options.env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    let ending: Ending | undefined;
    const ended = new Promise<Ending>(resolve => {
      child.once('exit', (code, signal) => {
        ending = { code, signal };
        resolve(ending);
      });
    });
    return new Promise((resolve, reject) => {
      child.once('spawn', () => resolve({ pid: child.pid ?? 0, ended, ending: () => ending, release: () => child.unref() }));
      child.once('error', error =>
        reject(
          new ForensicsError(
            'not-found',
            `${command} cannot be started (${reasonOf(error)})`,
            'Check the command, and that it is executable.',
          ),
        ),
      );
    });
  } finally {
    closeSync(stdout);
    if (stderr !== stdout) closeSync(stderr);
  }
}
