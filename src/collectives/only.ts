import { upperBound } from '#intervals/spans';
import type { Group } from './groups.ts';
import type { Channel } from './ranks.ts';

/** A group with those of its operations alone whose kind is wanted; which kernels met no partner is kept by the whole. */
export function only(group: Group, channels: readonly Channel[], wanted: (kind: number) => boolean): Group {
  const [first] = group.index;
  const channel = channels[group.channels[0] ?? -1];
  const rows: number[] = [];
  for (let i = 0; i < group.n; i++) if (wanted(channel?.kind[first?.[i] ?? 0] ?? -1)) rows.push(i);
  if (rows.length === group.n) return group;
  return { ...group, n: rows.length, index: group.index.map(index => Int32Array.from(rows, i => index[i] ?? 0)), unmatched: 0 };
}

/** Tells whether a rank took part in an operation of a wanted kind that ended in (from, to], ns on the channels' clock. */
export function endedIn(channels: readonly Channel[], wanted: (kind: number) => boolean) {
  const ends = new Map<number, number[]>();
  for (const c of channels)
    for (let i = 0; i < c.n; i++) {
      if (!wanted(c.kind[i] ?? -1)) continue;
      const list = ends.get(c.rank) ?? [];
      ends.set(c.rank, list);
      list.push(c.end[i] ?? 0);
    }
  const sorted = new Map([...ends].map(([rank, list]) => [rank, Float64Array.from(list).sort()]));
  return (rank: number, from: number, to: number): boolean => {
    const own = sorted.get(rank);
    return own !== undefined && upperBound(own, to) > upperBound(own, from);
  };
}
