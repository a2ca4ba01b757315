import { intAt, realAt, valueAt } from '#core/columns';
import type { CollectiveKind } from '#multi-gpu/ranks/kernel-name';
import type { CollectiveStream } from '#multi-gpu/ranks/ranks';
import type { Collectives } from '#schema/collectives';
import type { Waits } from './waits.ts';

/** What ranks spent in some operations, ns, indexed by rank. */
export interface Totals {
  readonly ops: number;
  readonly transfer: Float64Array;
  readonly wait: Float64Array;
}

export function totalsOf(all: readonly Waits[], ranks: number): Totals {
  const transfer = new Float64Array(ranks);
  const wait = new Float64Array(ranks);
  let ops = 0;
  for (const w of all) {
    ops += w.n;
    for (const [p, rank] of w.ranks.entries()) {
      let shortest = 0;
      let whole = 0;
      for (let i = 0; i < w.n; i++) {
        shortest += realAt(w.transfer, i);
        whole += w.lengthOf(p, i);
      }
      transfer[rank] = realAt(transfer, rank) + shortest;
      wait[rank] = realAt(wait, rank) + whole - shortest;
    }
  }
  return { ops, transfer, wait };
}

/** Of these NCCL is called with one rank's part of the message (NCCL's API: sendcount, recvcount); the others name all of it. */
const IN_PARTS = /^(AllGather|ReduceScatter)\b/;

/** Time and bytes by kind of operation, a mean rank, the longest first. @param streams those that the waits' groups index */
export function kindsOf(
  all: readonly Waits[],
  kinds: readonly CollectiveKind[],
  streams: readonly CollectiveStream[],
): Collectives['kinds'] {
  const sums = kinds.map(() => ({ count: 0, transfer: 0, wait: 0, bytes: 0, moved: 0 }));
  for (const w of all) {
    const bytes = streams[valueAt(w.group.streams, 0)]?.bytes;
    for (let i = 0; i < w.n; i++) {
      const kind = intAt(w.kind, i);
      const entry = sums[kind];
      if (entry === undefined) continue;
      const message = bytes === undefined ? Number.NaN : realAt(bytes, intAt(w.group.index[0], i));
      entry.count++;
      entry.transfer += realAt(w.transfer, i);
      let whole = 0;
      for (let p = 0; p < w.ranks.length; p++) whole += w.lengthOf(p, i);
      entry.wait += whole / w.ranks.length - realAt(w.transfer, i);
      entry.bytes += message;
      entry.moved += message * (IN_PARTS.test(kinds[kind]?.name ?? '') ? w.ranks.length : 1);
    }
  }
  return kinds
    .flatMap((k, i) => {
      const s = sums[i];
      if (s === undefined || s.count === 0) return [];
      const { name, algorithm, protocol, pointToPoint } = k;
      // A message whose size is not known makes the sum unknown: NaN spreads.
      const known = !Number.isNaN(s.bytes);
      return [
        {
          name,
          algorithm,
          protocol,
          point_to_point: pointToPoint,
          count: s.count,
          transfer_ms: s.transfer / 1e6,
          wait_ms: s.wait / 1e6,
          bytes: known ? s.bytes : null,
          algorithm_gbps: known && s.transfer > 0 ? s.moved / s.transfer : null,
        },
      ];
    })
    .sort((a, b) => b.transfer_ms + b.wait_ms - a.transfer_ms - a.wait_ms);
}
