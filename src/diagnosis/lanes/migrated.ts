import { intAt, realAt } from '#core/columns';
import { coverage, union, upperBound } from '#core/math/spans';
import type { Bytes, Ns } from '#core/units';
import type { Migrations } from '#trace/events/migrations';
import type { Lane } from './lane.ts';

/** What managed memory did in a stretch of a lane's time. */
export interface Migrated {
  /** Pages moved, or were waited for; both at once count once. */
  readonly ns: Ns;
  /** Pages moved to the host: what its threads wait for when they touch what lies on a GPU. */
  readonly toHostNs: Ns;
  /** Of migrations that overlap the stretch. */
  readonly bytes: Bytes;
  /** Page faults, of the GPU and of the lane's process. */
  readonly faults: number;
}

/** Asks for the migrations and page faults of a lane: of its process on its GPU, and those of its process on a CPU. */
export function migratedFor(
  { n, start, end, device, process, toHost, bytes, faults }: Migrations,
  lane: Pick<Lane, 'process' | 'device'>,
): (from: Ns, to: Ns) => Migrated | undefined {
  const rows: number[] = [];
  for (let i = 0; i < n; i++) if (process[i] === lane.process && (device[i] === lane.device || intAt(device, i) < 0)) rows.push(i);
  if (rows.length === 0) return () => undefined;
  const starts = Float64Array.from(rows, i => realAt(start, i));
  const ends = Float64Array.from(rows, i => realAt(end, i));
  // Latest end of each and all before it: tells how far back a search must go.
  const endSoFar = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) endSoFar[k] = Math.max(k > 0 ? realAt(endSoFar, k - 1) : Number.NEGATIVE_INFINITY, realAt(ends, k));
  const covered = coverage(union(starts, ends));
  const coveredToHost = coverage(union(starts, ends, k => toHost[rows[k] ?? -1] === 1));
  return (from, to) => {
    const sum = { bytes: 0, faults: 0 };
    let found = false;
    for (let k = upperBound(starts, to) - 1; k >= 0 && realAt(endSoFar, k) >= from; k--) {
      if (realAt(ends, k) < from || realAt(starts, k) >= to) continue;
      found = true;
      const i = rows[k] ?? -1;
      sum.bytes += realAt(bytes, i);
      sum.faults += realAt(faults, i);
    }
    return found ? { ns: covered(from, to), toHostNs: coveredToHost(from, to), ...sum } : undefined;
  };
}
