import { Worker } from 'node:worker_threads';
import type { Bytes } from '#core/units';

/** What a question may take: the answer has few rows, and what is sorted on the way fits into this for traces of tens of millions of rows. */
const MOST_BYTES: Bytes = 2 * 2 ** 30;

/** SQLite keeps the main thread busy, so no event of it would ever be heard: another thread looks. */
const GUARD = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid !== workerData.parent || process.memoryUsage.rss() > workerData.mostBytes) process.kill(process.pid, 'SIGKILL');
  }, 200);
`;

/** Ends this process, whatever it does, once its parent is gone or it takes more memory than a question may. @param parent process id */
export function endWithParent(parent: number): void {
  new Worker(GUARD, { eval: true, workerData: { parent, mostBytes: MOST_BYTES } }).unref();
}
