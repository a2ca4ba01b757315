import { intAt, itemAt, realAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import type { Ns } from '#core/units';
import type { Group } from '#multi-gpu/ranks/groups';
import type { CollectiveStream } from '#multi-gpu/ranks/ranks';

/** The collectives of a group: who entered when, and who waited. Times in ns on the first source's clock. */
export interface Waits {
  readonly group: Group;
  /** Index into Ranks.ranks of each participant. */
  readonly ranks: readonly number[];
  readonly n: number;
  /** Kind of each collective, as in CollectiveStream. */
  readonly kind: Int32Array;
  /** Length of the shortest participant: the transfer. What a participant took beyond it is its wait. */
  readonly transfer: Float64Array;
  /** Position among the participants of the one that entered last. */
  readonly last: Int32Array;
  /** How long after the median of the others it entered. */
  readonly lateness: Float64Array;
  readonly lengthOf: (participant: number, i: number) => Ns;
  readonly startOf: (participant: number, i: number) => Ns;
}

/** Reads off each collective what was transfer, who was last, and by how much. */
export function waitsOf(group: Group, streams: readonly CollectiveStream[]): Waits {
  const own = group.streams.map(c => itemAt(streams, c));
  const startOf = (p: number, i: number) => realAt(own[p]?.start, intAt(group.index[p], i));
  const lengthOf = (p: number, i: number) => {
    const at = intAt(group.index[p], i);
    return realAt(own[p]?.end, at) - realAt(own[p]?.start, at);
  };
  const { n } = group;
  const transfer = new Float64Array(n);
  const last = new Int32Array(n);
  const lateness = new Float64Array(n);
  const starts = new Float64Array(own.length);
  for (let i = 0; i < n; i++) {
    let shortest = Number.POSITIVE_INFINITY;
    let latest = 0;
    for (let p = 0; p < own.length; p++) {
      shortest = Math.min(shortest, lengthOf(p, i));
      starts[p] = startOf(p, i);
      if (realAt(starts, p) > realAt(starts, latest)) latest = p;
    }
    const entered = realAt(starts, latest);
    transfer[i] = shortest;
    last[i] = latest;
    lateness[i] = entered - medianOfOthers(starts, latest);
  }
  const kind = Int32Array.from({ length: n }, (_, i) => intAt(own[0]?.kind, intAt(group.index[0], i)));
  return { group, ranks: own.map(c => c.rank), n, kind, transfer, last, lateness, lengthOf, startOf };
}

/** The median of the starts of all participants but one. */
export function medianOfOthers(starts: Float64Array, without: number): Ns {
  return starts.length === 2 ? realAt(starts, 1 - without) : medianOf(starts.filter((_, p) => p !== without));
}
