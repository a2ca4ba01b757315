import { Worker } from 'node:worker_threads';
import { Generator } from './generator.ts';
import type { News, Order } from './messages.ts';
import type { Equipment } from './plan.ts';

/** A generator, wherever it runs. */
export interface Handle {
  order(order: Order): void;
  /** Ends it, in order or not. */
  end(): Promise<void>;
}
/** @param died told why, when it ended by itself */
export type StartGenerator = (equipment: Equipment, hear: (news: News) => void, died: (why: string) => void) => Handle;

/** The built one, also when this file runs as source: Node runs no TypeScript. */
const MAIN = new URL('../../dist/load/generator-main.js', import.meta.url);

/**
 * A thread with an event loop, a heap and a garbage collector of its own, so that neither the writing of files and the view in the
 * terminal nor another generator holds it up.
 */
export const inThread: StartGenerator = (equipment, hear, died) => {
  const worker = new Worker(MAIN, { workerData: equipment, execArgv: [] });
  let ended = false;
  worker.on('message', hear);
  worker.once('error', error => died(error.message));
  worker.once('exit', code => {
    if (!ended) died(`it ended with code ${code}`);
  });
  return {
    order: order => worker.postMessage(order),
    end: async () => {
      ended = true;
      worker.postMessage({ kind: 'close' } satisfies Order);
      await worker.terminate();
    },
  };
};

/** In this thread: for what is not to be timed. */
export const here: StartGenerator = (equipment, hear) => {
  const generator = new Generator(equipment, news => queueMicrotask(() => hear(news)));
  return {
    order: order => generator.order(order),
    end: async () => generator.order({ kind: 'close' }),
  };
};
