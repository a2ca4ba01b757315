import { spawn } from 'node:child_process';

/** How a short command ended, with what it printed. */
export interface Answer {
  /** Undefined when the program could not be started: not found, or not executable. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** It ran past its limit and was killed. */
  readonly late: boolean;
}

/** More than this of an answer is dropped: a question is answered in a few lines. */
const LONGEST_ANSWER = 8 * 2 ** 20;

const DRAIN_MS = 500;

/**
 * Runs a short command to its end and returns what it printed. Never throws: a program that is missing is an answer too.
 * @param seconds after which the command and its children are killed
 */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly seconds: number; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string },
): Promise<Answer> {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const text = { stdout: '', stderr: '' };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      killGroup(child.pid, 'SIGKILL');
      // A grandchild that left the group may still hold the pipes: what is not there by now is not waited for.
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.seconds * 1000);
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        if (text[name].length < LONGEST_ANSWER) text[name] += chunk;
      });
    const end = (code: number | undefined) => {
      clearTimeout(timer);
      resolve({ code, ...text, late });
      // Whoever still holds the pipes does not keep us alive.
      for (const pipe of [child.stdout, child.stderr]) if ('unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
    };
    child.once('error', () => end(undefined));
    child.once('close', code => end(late ? undefined : (code ?? undefined)));
    // A daemon that it left behind may hold the pipes for ever: what the command itself said is there soon after its end.
    child.once('exit', code => setTimeout(() => end(late ? undefined : (code ?? undefined)), DRAIN_MS));
  });
}

/** Sends a signal to a process group; a group that is gone is no failure. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}
