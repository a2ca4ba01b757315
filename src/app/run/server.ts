import { setTimeout as sleep } from 'node:timers/promises';
import { ForensicsError } from '#core/errors';
import type { Seconds } from '#core/units';
import { endTagged } from '#record/processes/end';
import { interruptOf } from '#record/processes/interruption';
import { type Started, start } from '#record/processes/start';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { startWatchdog } from '#record/processes/watchdog';
import { redactArgv } from '#record/redaction/argv';

const POLL_SECONDS: Seconds = 0.2;
/** A server that is asked whether it is there answers within this, or is not there. */
const ANSWER_SECONDS: Seconds = 5;

/** What is to be started, and how one sees that it can be asked. */
export interface ServerWish {
  readonly command: readonly string[];
  readonly ready: string;
  readonly readyWithin: Seconds;
  readonly stopWithin: Seconds;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Where its output is added. */
  readonly log: string;
  /** What it and all that it starts carries: twelve hexadecimal digits. */
  readonly sessionTag: string;
}

/** A server that answers. */
export interface Server {
  /** @throws ForensicsError unsupported where it has ended by itself */
  readonly assertAlive: () => void;
  /** Ends it and all that it started. */
  readonly end: () => Promise<void>;
}

/** Whether a URL answers now with a status below 400. */
export async function isAnswering(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_SECONDS * 1000), redirect: 'manual' });
    await response.body?.cancel();
    return response.status < 400;
  } catch {
    return false;
  }
}

function assertStarted(child: Started, log: string): void {
  const ending = child.ending();
  if (ending === undefined) return;
  throw new ForensicsError(
    'unsupported',
    `the server ended by itself (${ending.signal ?? `exit code ${ending.code ?? 'unknown'}`})`,
    `Read ${log}.`,
  );
}

/**
 * Starts a server and waits until it answers. It ends with this process, however that ends.
 * @throws ForensicsError not-found; bad-argument where something answers already; unsupported where it ends or does not answer in time; the reason of `stop`
 */
export async function startServer(wish: ServerWish, stop: AbortSignal, tell: (step: string) => void): Promise<Server> {
  const { command, ready, sessionTag, log } = wish;
  if (await isAnswering(ready))
    throw new ForensicsError(
      'bad-argument',
      `something answers at ${ready} already, before the server was started`,
      'End it: a load would measure that one. Or leave the server out of the plan, and measure the one that runs.',
    );
  const [program = '', ...words] = command;
  const { [SESSION_TAG]: _outer, ...clean } = wish.env;
  const watchdog = startWatchdog({ sessionTag, commands: [], graceSeconds: wish.stopWithin }, clean);
  const end = async () => {
    await endTagged(sessionTag, wish.stopWithin);
    watchdog.release();
  };
  try {
    tell(`starting the server: ${redactArgv(command).join(' ')}`);
    const child = await start(program, words, { env: { ...clean, [SESSION_TAG]: sessionTag }, cwd: wish.cwd, stdout: log, stderr: log });
    const assertAlive = () => assertStarted(child, log);
    const begun = performance.now();
    while (!(await isAnswering(ready))) {
      assertAlive();
      if (interruptOf(stop) !== undefined) throw stop.reason;
      if (performance.now() - begun > wish.readyWithin * 1000)
        throw new ForensicsError(
          'unsupported',
          `the server did not answer at ${ready} within ${wish.readyWithin} s`,
          `Read ${log}; allow more with ready_within.`,
        );
      await sleep(POLL_SECONDS * 1000);
    }
    tell(`the server answers after ${Math.round((performance.now() - begun) / 100) / 10} s`);
    return { assertAlive, end };
  } catch (error) {
    await end();
    throw error;
  }
}
