import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Bytes } from '#core/units';

/** A small file is hashed in less time than a worker takes to start. */
export const WORTH_A_WORKER: Bytes = 16 * 2 ** 20;

/** Hashes a file on another core: a trace may have gigabytes, and the analysis need not wait for it. */
const HASHER = `
  const { createReadStream } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const hash = require('node:crypto').createHash('sha256');
  createReadStream(workerData, { highWaterMark: 1 << 20 })
    .on('data', chunk => hash.update(chunk))
    .on('end', () => parentPort.postMessage(hash.digest('hex')))
    .on('error', error => { throw error; });
`;

/** SHA-256 of a file, in hexadecimal. @param stop ends the work, which then never resolves: nobody waits for it any more */
export async function fileHash(file: string, stop?: AbortSignal): Promise<string> {
  if (statSync(file).size < WORTH_A_WORKER)
    return createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  return new Promise((resolve, reject) => {
    const worker = new Worker(HASHER, { eval: true, workerData: file });
    worker.once('message', resolve);
    worker.once('error', reject);
    stop?.addEventListener('abort', () => void worker.terminate(), { once: true });
  });
}

/** A trace as a report lists it among its inputs, but for who wrote it. */
export const hashedTrace = async (file: string, stop?: AbortSignal) => ({
  path: basename(file),
  kind: 'trace' as const,
  sha256: await fileHash(file, stop),
  bytes: statSync(file).size,
});
