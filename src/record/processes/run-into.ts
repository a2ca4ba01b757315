import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** More of what a program complains about is dropped. */
const LONGEST_COMPLAINT = 4096;

/** How a program ended whose output somebody took. */
export interface Outcome {
  /** Undefined when the program could not be started, or a signal ended it. */
  readonly code: number | undefined;
  readonly stderr: string;
}

/**
 * Runs a program to its end, and hands over what it prints. Never throws because of the program: one that is missing is an answer too.
 * It belongs to our process group, so a Ctrl-C at the terminal ends it with us.
 * @param take where it throws, the program is ended, and so throws this
 */
export async function runInto(
  command: string,
  args: readonly string[],
  take: (output: Readable) => Promise<void>,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < LONGEST_COMPLAINT) stderr += text;
  });
  let hasStarted = true;
  const ended = new Promise<Outcome>(resolve => {
    child.once('error', () => {
      hasStarted = false;
      resolve({ code: undefined, stderr: '' });
    });
    child.once('close', code => resolve({ code: code ?? undefined, stderr }));
  });
  try {
    await take(child.stdout);
  } catch (error) {
    child.kill('SIGKILL');
    const outcome = await ended;
    if (hasStarted) throw error;
    return outcome;
  }
  return ended;
}
