import { answers } from '#record/capture/ready';
import { Interruption, unlessAborted } from '#record/processes/interruption';
import { run } from '#record/processes/run';

/** How a server is brought up anew. */
export interface Restart {
  /** Ends once the server is on its way; it is no shell. */
  readonly command: readonly string[];
  /** Answers with a status below 400 once the server is ready. */
  readonly readyUrl: string;
  /** After this long it will not come up. */
  readonly seconds: number;
}

/** Why a server did not come up, with the end of what its command said. */
export interface NotUp {
  readonly why: 'not-started' | 'command-failed' | 'not-ready';
  readonly said: string;
}

/** So much of what a command said tells why it failed. */
const LAST_CHARS = 2000;

/** Runs the command, and waits until the server answers. @returns undefined once it does @throws the reason of `stop`, once it is aborted */
export async function restartServer(restart: Restart, env: NodeJS.ProcessEnv, stop: AbortSignal): Promise<NotUp | undefined> {
  const [program = '', ...args] = restart.command;
  const { code, stderr, stdout, late } = await unlessAborted(stop, run(program, args, { seconds: restart.seconds, env }));
  const said = `${stdout}${stderr}`.trim().slice(-LAST_CHARS);
  if (code === undefined && !late) return { why: 'not-started', said };
  if (code !== 0) return { why: 'command-failed', said };
  const limit = AbortSignal.any([stop, AbortSignal.timeout(restart.seconds * 1000)]);
  try {
    await unlessAborted(limit, answers(restart.readyUrl, limit));
    return undefined;
  } catch (error) {
    if (error instanceof Interruption || stop.aborted) throw error;
    return { why: 'not-ready', said };
  }
}
