import { Worker } from 'node:worker_threads';
import type { Bytes } from '#core/units';

/** What a process ends by that takes more memory than it may; nothing else here sends it. */
export const OUT_OF_MEMORY: NodeJS.Signals = 'SIGUSR2';

/** SQLite or a calculation keeps the main thread busy, so no event of it would ever be heard: another thread looks. */
const GUARD = `
  const { workerData: { parent, mostBytes, outOfMemory } } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
    if (process.memoryUsage.rss() > mostBytes) process.kill(process.pid, outOfMemory);
  }, 200);
`;

/** Ends this process, whatever it does, once its parent is gone, or by `OUT_OF_MEMORY` once it takes more than it may. @param parent process id */
export function endWithParent(parent: number, mostBytes: Bytes): void {
  new Worker(GUARD, { eval: true, workerData: { parent, mostBytes, outOfMemory: OUT_OF_MEMORY } }).unref();
}
