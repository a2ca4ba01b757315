import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Seconds } from '#core/units';
import type { Made, Outcome } from './perform.ts';
import { type Answer, MOST_BYTES, MOST_SECONDS, type Task } from './protocol.ts';

const WORKER = fileURLToPath(new URL('fuzz-worker-main.js', import.meta.url));
/** A worker with more is replaced, so that a limit is met by one mutant, not by the sum of many. */
const LEAN_BYTES = MOST_BYTES / 2;
/** How much of what a process said before it died is told. */
const LAST_WORDS = 600;

/** How long a mutant may take here and now: where others want the processors too, a second of work takes several. */
const patienceSeconds = (): Seconds => MOST_SECONDS * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

/** How a process ended that gave no answer. */
const lastOf = (code: number | null, signal: string | null, said: string): string =>
  signal === 'SIGKILL'
    ? `it takes more than ${MOST_BYTES / 2 ** 20} MiB of memory, or was killed`
    : `the process died (${signal ?? `exit code ${code}`}): ${said}`;

/** A process that makes mutants and asks about them, one at a time; another takes its place where it hangs, dies or has grown. */
export class FuzzWorker {
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #said = '';

  constructor(folder: string) {
    this.#folder = folder;
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(WORKER, [this.#folder, String(process.pid)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--unhandled-rejections=warn'],
    });
    this.#said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-LAST_WORDS);
    });
    await Promise.race([
      once(child, 'message'),
      once(child, 'close').then(() => Promise.reject(new Error(`the worker did not start: ${this.#said}`))),
    ]);
    return child;
  }

  /** Has one mutant looked at. */
  async ask(task: Task): Promise<Outcome> {
    this.#child ??= await this.#start();
    const child = this.#child;
    const patience = patienceSeconds();
    let made: Made = { kind: 'not made', what: '', asked: '' };
    const answer = await new Promise<Extract<Answer, Outcome> | string>(resolve => {
      const timer = setTimeout(() => {
        end(`it hangs: no answer within ${Math.round(patience)} s`);
        child.kill('SIGKILL');
      }, patience * 1000);
      const end = (result: Extract<Answer, Outcome> | string) => {
        clearTimeout(timer);
        child.removeAllListeners('message').removeAllListeners('close');
        resolve(result);
      };
      child.on('message', (message: Exclude<Answer, 'ready'>) => {
        if ('made' in message) made = message.made;
        else end(message);
      });
      child.once('close', (code, signal) => end(lastOf(code, signal, this.#said)));
      child.send(task);
    });
    if (typeof answer === 'string') {
      this.#child = undefined;
      return { ...made, came: 'no answer', problems: [answer] };
    }
    if (answer.bytes > LEAN_BYTES) this.stop();
    return answer;
  }

  stop(): void {
    this.#child?.removeAllListeners('close').kill('SIGKILL');
    this.#child = undefined;
  }
}
