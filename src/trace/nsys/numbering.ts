import { getOrCompute } from '#core/get-or-compute';
import type { Numbering } from './export-tables.ts';

const THREAD_BITS = 24n;
const THREADS = 2 ** 24;

/** A process, or a thread of it, as nsys packs it: here of one machine. */
export const packedId = (pid: number, tid = 0): bigint => (1n << 48n) | (BigInt(pid) << THREAD_BITS) | BigInt(tid);

/** Numbers texts and threads in the order in which they come. Thread ids beyond 24 bits, which are addresses, are numbered anew. */
export function numbering(): Numbering & { readonly names: ReadonlyMap<string, number> } {
  const names = new Map<string, number>();
  const threads = new Map<number, { readonly ids: Map<number, bigint>; readonly taken: Set<number> }>();
  const shorten = (tid: number, taken: Set<number>) => {
    let short = Math.abs(tid) % THREADS;
    while (taken.has(short)) short = (short + 1) % THREADS;
    taken.add(short);
    return short;
  };
  return {
    names,
    name: text => getOrCompute(names, text, () => names.size + 1),
    thread: (pid, tid) => {
      const { ids, taken } = getOrCompute(threads, pid, () => ({ ids: new Map<number, bigint>(), taken: new Set<number>() }));
      return getOrCompute(ids, tid, () => packedId(pid, shorten(tid, taken)));
    },
  };
}
