import { intAt, valueAt } from '#core/columns';
import type { Group } from '#multi-gpu/ranks/groups';
import type { CollectiveStream } from '#multi-gpu/ranks/ranks';

/** A group with those of its operations alone whose kind is wanted; which kernels met no partner is kept by the whole. */
export function filterGroup(group: Group, streams: readonly CollectiveStream[], wanted: (kind: number) => boolean): Group {
  const [first] = group.index;
  const stream = streams[valueAt(group.streams, 0)];
  const rows: number[] = [];
  for (let i = 0; i < group.n; i++) if (wanted(intAt(stream?.kind, intAt(first, i)))) rows.push(i);
  if (rows.length === group.n) return group;
  return { ...group, n: rows.length, index: group.index.map(index => Int32Array.from(rows, i => intAt(index, i))), unmatched: 0 };
}
