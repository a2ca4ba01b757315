// What a thread of `forensics load` runs: one generator, told by the main thread what to send.
import { parentPort, workerData } from 'node:worker_threads';
import { Generator } from './generator.ts';
import type { Order } from './messages.ts';
import type { Equipment } from './plan.ts';

const port = parentPort;
if (port === null) throw new Error('this file is the main of a thread');
// Comes from threads.ts, by structured clone.
const generator = new Generator(workerData as Equipment, news => port.postMessage(news));
port.on('message', (order: Order) => {
  generator.order(order);
  if (order.kind === 'close') port.close();
});
