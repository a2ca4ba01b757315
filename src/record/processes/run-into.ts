import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** More of what a program complains about is dropped. */
const LONGEST_COMPLAINT = 4096;

/** How a program ended that wrote into a file. */
export interface Outcome {
  /** Undefined when the program could not be started, or a signal ended it. */
  readonly code: number | undefined;
  readonly stderr: string;
}

/**
 * Runs a program to its end, its standard output going into a file. Never throws because of the program: one that is missing is an answer too.
 * It belongs to our process group, so a Ctrl-C at the terminal ends it with us.
 */
export async function runInto(command: string, args: readonly string[], file: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const out = openSync(file, 'w');
  try {
    return await new Promise<Outcome>(resolve => {
      const child = spawn(command, args, { stdio: ['ignore', out, 'pipe'], env });
      let stderr = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        if (stderr.length < LONGEST_COMPLAINT) stderr += text;
      });
      child.once('error', () => resolve({ code: undefined, stderr: '' }));
      child.once('close', code => resolve({ code: code ?? undefined, stderr }));
    });
  } finally {
    closeSync(out);
  }
}
