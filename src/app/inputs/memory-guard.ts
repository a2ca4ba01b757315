import { totalmem } from 'node:os';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ForensicsError } from '#core/errors';
import type { Bytes, Share } from '#core/units';

/** What was read may fill half of the memory: rows are made of it, as large as itself. Beyond its limit V8 ends the process with a stack trace. */
const READ_SHARE = 0.5;
/** A full collection takes a second for each few gigabytes: no more than one for so much growth. */
const GROWTH_SHARE = 0.05;

/** V8 counts its young generation to the limit of the heap, three half-spaces of 16 MiB, but nothing that stays can live there. */
const YOUNG_BYTES = 48 * 2 ** 20;

interface Bound {
  readonly bytes: Bytes;
  /** How much of it is filled, garbage included. */
  readonly share: Share;
  readonly hint: string;
}

/** Memory of this machine, or of the container that it is. Where that sets no limit, Node says nothing, 0, or more than any machine has. */
export const machineBytes = (): Bytes => Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** What is fuller: V8's heap, or the machine, since large arrays of numbers lie beside the heap. */
function tightest(): Bound {
  const { used_heap_size, heap_size_limit, external_memory } = getHeapStatistics();
  const machine = machineBytes();
  const old = Math.max(1, heap_size_limit - YOUNG_BYTES);
  const heap = { bytes: old, share: used_heap_size / old };
  const all = { bytes: machine, share: (used_heap_size + external_memory) / machine };
  const cut = 'Cut it to the time of the trace';
  return heap.share >= all.share
    ? { ...heap, hint: `${cut}, or give Node more: NODE_OPTIONS=--max-old-space-size=16000 (MiB).` }
    : { ...all, hint: `${cut}.` };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}

/**
 * Watches over the memory while a file is read; to be asked at each piece.
 * @returns a question that throws ForensicsError unsupported once what survives a collection leaves no room for the rest
 */
export function memoryGuard(file: string): () => void {
  let enough = READ_SHARE;
  return () => {
    if (tightest().share < enough) return;
    collectGarbage();
    const { bytes, share, hint } = tightest();
    if (share >= READ_SHARE)
      throw new ForensicsError('unsupported', `${file} holds more than fits into memory (${Math.round(bytes / 2 ** 20)} MiB)`, hint);
    enough = Math.max(READ_SHARE, share + GROWTH_SHARE);
  };
}
