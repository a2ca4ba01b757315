import { totalmem } from 'node:os';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ForensicsError } from '#model/errors';

/** What was read may fill this share of the memory; the rest is for what is made of it. Beyond its limit V8 ends the process with a stack trace. */
const READ_SHARE = 0.7;
/** A full collection takes a second for each few gigabytes: no more than one for so much growth. */
const GROWTH_SHARE = 0.05;

/** The share of V8's heap, or of the machine for all that lies beside the heap too (arrays of numbers), whichever is fuller; garbage counts. */
function shareFilled(): number {
  const { used_heap_size, heap_size_limit, external_memory } = getHeapStatistics();
  // 0, nothing, or more than any machine has, where no container sets a limit.
  const machine = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.max(used_heap_size / heap_size_limit, (used_heap_size + external_memory) / machine);
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}

/**
 * Watches over the memory while a file is read: to be asked now and then.
 * @throws ForensicsError unsupported (when asked) once what survives a collection leaves no room for the rest
 */
export function roomFor(file: string): () => void {
  let enough = READ_SHARE;
  return () => {
    if (shareFilled() < enough) return;
    collectGarbage();
    const survived = shareFilled();
    enough = Math.max(READ_SHARE, survived + GROWTH_SHARE);
    if (survived < READ_SHARE) return;
    throw new ForensicsError(
      'unsupported',
      `${file} holds more than fits into memory (${Math.round(getHeapStatistics().heap_size_limit / 2 ** 20)} MiB)`,
      'Cut it to the time of the trace, or give Node more: NODE_OPTIONS=--max-old-space-size=16000 (MiB).',
    );
  };
}
