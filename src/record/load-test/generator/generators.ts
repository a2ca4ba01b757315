import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Generator } from './generator.ts';
import type { WorkerCommand, WorkerMessage } from './messages.ts';
import type { Equipment } from './plan.ts';

/** A generator, wherever it runs. */
export interface Handle {
  send(command: WorkerCommand): void;
  /** Ends it, in order or not. */
  end(): Promise<void>;
}
/** @param died told why, when it ended by itself */
export type StartGenerator = (equipment: Equipment, hear: (message: WorkerMessage) => void, died: (why: string) => void) => Handle;

/** What is said between this process and a generator's own. */
export type ToProcess = { readonly kind: 'equip'; readonly equipment: Equipment } | WorkerCommand;
export type FromProcess = { readonly kind: 'fault'; readonly why: string } | WorkerMessage;

/**
 * The collector's helper threads would want the processor that the generator, or the server beside it, needs now: on two cores they ran a
 * quarter of the time, and the generator waited a third of it (bench/load.mjs at 2,000 requests a second). A minor collection
 * takes less than a millisecond with a new space of 4 MiB, which the processor's cache holds. With 32 it takes two or three, and with 256 fifty:
 * a larger one loses less time in all up to a point, but in pauses longer than what is to be measured.
 */
const FLAGS = ['--single-threaded-gc', '--min-semi-space-size=4', '--max-semi-space-size=4'];
/** So long may a generator take to end in order. */
const END_MS = 1000;

/**
 * A process with an event loop, a heap and a garbage collector of its own, so that neither the writing of files and the view in the
 * terminal nor another generator holds it up.
 * @param main what it runs: generator-main.ts, built
 */
export const inProcess =
  (main: URL): StartGenerator =>
  (equipment, hear, died) => {
    const child = fork(fileURLToPath(main), [], {
      execArgv: FLAGS,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let ending = false;
    let why: string | undefined;
    const exited = new Promise<void>(resolve => {
      child.once('exit', (code, signal) => {
        resolve();
        if (!ending) died(why ?? (signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`));
      });
      child.once('error', error => {
        resolve();
        if (!ending) died(error.message);
      });
    });
    child.on('message', (message: FromProcess) => {
      if (message.kind === 'fault') why = message.why;
      else hear(message);
    });
    const say = (message: ToProcess) => {
      // One that has just died is told nothing; its exit is on the way.
      if (child.connected) child.send(message, () => {});
    };
    say({ kind: 'equip', equipment });
    return {
      send: say,
      end: async () => {
        ending = true;
        say({ kind: 'close' });
        const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
        await exited;
        clearTimeout(late);
      },
    };
  };

/** In this process: for what is not to be timed. */
export const here: StartGenerator = (equipment, hear) => {
  const generator = new Generator(equipment, message => queueMicrotask(() => hear(message)));
  return {
    send: command => generator.obey(command),
    end: async () => generator.obey({ kind: 'close' }),
  };
};
