import { intAt } from '#core/columns';

/** Rows of each owner, in their order: a counting sort. @param owner a number from 0 for each row */
export function rowsByOwner(owner: Int32Array, owners: number): readonly Int32Array[] {
  const counts = new Int32Array(owners);
  for (let i = 0; i < owner.length; i++) {
    const o = intAt(owner, i);
    counts[o] = intAt(counts, o) + 1;
  }
  const groups = Array.from(counts, n => new Int32Array(n));
  const next = new Int32Array(owners);
  for (let i = 0; i < owner.length; i++) {
    const o = intAt(owner, i);
    const group = groups[o];
    const at = intAt(next, o);
    if (group !== undefined) group[at] = i;
    next[o] = at + 1;
  }
  return groups;
}
