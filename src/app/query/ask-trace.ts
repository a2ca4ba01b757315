import { fork } from 'node:child_process';
import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { readableTrace } from '#app/inputs/traces';
import { QUERY_WORKER } from '#app/paths';
import { ForensicsError } from '#core/errors';
import { sweepTemporary } from '#core/temporary/folder';
import type { Seconds } from '#core/units';
import { unlessAborted } from '#record/processes/interruption';
import type { Answer, Job } from './protocol.ts';

const LATE_HINT = 'Ask for less (a narrower window, fewer relations), or allow more with --timeout.';
const MEMORY_HINT = 'It may have run out of memory: ask for less.';

/**
 * Has a child process answer, since a running SQLite query cannot be interrupted in its own.
 * @param job its trace may be a folder that holds one, compressed, or a recording of nsys
 * @throws ForensicsError not-writable, time-limit, query-failed, and as `readableTrace`; the reason of `stop` once that is aborted
 */
export const askTrace = (job: Job, timeoutSeconds: Seconds, { env, progress }: Surroundings, stop: AbortSignal): Promise<Answer> =>
  withScratch({ env, progress }, async scratch =>
    // What is being unpacked is removed at once where it is not waited for any more.
    inChild({ ...job, trace: await unlessAborted(stop, readableTrace(job.trace, scratch)) }, timeoutSeconds, env, stop),
  );

function inChild(job: Job, timeoutSeconds: Seconds, env: NodeJS.ProcessEnv, stop: AbortSignal): Promise<Answer> {
  stop.throwIfAborted();
  const child = fork(QUERY_WORKER, [String(process.pid)], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env,
  });
  let answer: Answer | undefined;
  let isLate = false;
  const kill = () => {
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, timeoutSeconds * 1000);
  stop.addEventListener('abort', kill, { once: true });
  child.once('message', (message: Answer) => {
    answer = message;
  });
  return new Promise<Answer>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      stop.removeEventListener('abort', kill);
      // A killed child cannot clean up, and what it unpacks may be large.
      sweepTemporary();
      if (stop.aborted) reject(stop.reason);
      else if (answer !== undefined) resolve(answer);
      else if (isLate) reject(new ForensicsError('time-limit', `the query ran past its time limit of ${timeoutSeconds} s`, LATE_HINT));
      else reject(new ForensicsError('query-failed', `the query ended without an answer (${signal ?? `exit code ${code}`})`, MEMORY_HINT));
    });
    child.send(job);
  });
}
