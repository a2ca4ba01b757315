import { intAt, valueAt } from '#core/columns';
import type { GpuOps } from './gpu-ops.ts';

/** Operations by the stream they ran on. A stream runs them one after another, so order of start is order of launch. */
export interface StreamOrder {
  /** Number of a process's stream; -1 where nothing ran on it, AMBIGUOUS where the id stands for streams of several devices. */
  readonly find: (process: number, stream: number) => number;
  /** Operation before this one on its stream, or -1. */
  readonly before: (op: number) => number;
  /** Last operation of the stream for which the test holds, or -1; it must hold for the first ones and for none after. */
  readonly lastWhere: (stream: number, holds: (op: number) => boolean) => number;
}

export const AMBIGUOUS = -2;

/** One number for a process's stream. Ids of streams are 32 bits wide and were seen to be unique inside a process, over all its devices. */
export const streamKey = (process: number, stream: number): number => process * 2 ** 32 + (stream >>> 0);

/** Groups operations by stream in two passes: 12 bytes an operation. */
export function streamOrder(ops: GpuOps): StreamOrder {
  const numbers = new Map<number, number>();
  const device: number[] = [];
  const ambiguous = new Set<number>();
  const counts: number[] = [];
  const stream = new Int32Array(ops.n);
  for (let i = 0; i < ops.n; i++) {
    const key = streamKey(intAt(ops.process, i), intAt(ops.stream, i));
    const s = numbers.get(key) ?? counts.length;
    if (s === counts.length) {
      numbers.set(key, s);
      counts.push(0);
      device.push(intAt(ops.device, i));
    } else if (device[s] !== ops.device[i]) ambiguous.add(s);
    stream[i] = s;
    counts[s] = valueAt(counts, s) + 1;
  }
  const first = [0];
  for (const [s, count] of counts.entries()) first.push(valueAt(first, s) + count);
  const next = first.slice();
  const rows = new Int32Array(ops.n);
  const previous = new Int32Array(ops.n).fill(-1);
  for (let i = 0; i < ops.n; i++) {
    const s = intAt(stream, i);
    const at = valueAt(next, s);
    if (at > valueAt(first, s) && !ambiguous.has(s)) previous[i] = rows[at - 1] ?? -1;
    rows[at] = i;
    next[s] = at + 1;
  }
  const find = (process: number, id: number) => {
    const s = numbers.get(streamKey(process, id)) ?? -1;
    return ambiguous.has(s) ? AMBIGUOUS : s;
  };
  const lastWhere = (s: number, holds: (op: number) => boolean) => {
    if (s < 0) return -1;
    const begin = valueAt(first, s);
    let low = begin;
    let high = first[s + 1] ?? begin;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (holds(intAt(rows, mid))) low = mid + 1;
      else high = mid;
    }
    return low > begin ? (rows[low - 1] ?? -1) : -1;
  };
  return { find, before: op => previous[op] ?? -1, lastWhere };
}
