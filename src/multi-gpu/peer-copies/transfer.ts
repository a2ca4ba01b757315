import { group } from 'd3-array';
import type { Bytes, Ns, Share } from '#core/units';
import { COPY_KIND, MEMORY_KIND } from '#trace/events/copy-kinds';
import type { CopyRow } from './copy-rows.ts';
import type { Form } from './peer-copy.ts';

/** A copy between GPUs as the rows that made it: the first hop's rows, and the last one's. */
export interface Transfer {
  readonly form: Form;
  readonly source: string;
  readonly destination: string;
  readonly out: readonly CopyRow[];
  readonly into: readonly CopyRow[];
}

/** Copies that went straight from one GPU's memory to another's. */
export const directTransfers = (rows: readonly CopyRow[]): Transfer[] =>
  rows
    .filter(r => r.kind === COPY_KIND.peer && r.source !== r.destination && r.source !== '' && r.destination !== '')
    .map(r => ({ form: 'direct', source: r.source, destination: r.destination, out: [r], into: [r] }));

/**
 * Peer copies that the driver led through the host: rows of both directions under one correlation id, though both memories are
 * a device's. Seen where peer access is off or impossible.
 */
export function driverStaged(rows: readonly CopyRow[]): Transfer[] {
  const candidates = rows.filter(
    r => r.kind !== COPY_KIND.peer && r.sourceKind === MEMORY_KIND.device && r.destinationKind === MEMORY_KIND.device && r.correlation > 0,
  );
  const out: Transfer[] = [];
  for (const calls of group(candidates, r => r.process).values())
    for (const hops of group(calls, r => r.correlation).values()) {
      const down = hops.filter(r => r.kind === COPY_KIND.deviceToHost);
      const up = hops.filter(r => r.kind === COPY_KIND.hostToDevice);
      const [first] = down;
      const [last] = up;
      if (first === undefined || last === undefined || first.device === last.device) continue;
      out.push({ form: 'driver-staged', source: first.device, destination: last.device, out: down, into: up });
    }
  return out;
}

/** Smaller downloads and uploads are results, flags and inputs: equal sizes say nothing there. */
const LEAST_BYTES: Bytes = 65_536;
/** A pattern is what happens this often; a download that an upload of its size follows once or twice is chance. */
const FEWEST_PAIRS = 3;
/** What a path must explain of the downloads and of the uploads of its size; else they have another purpose. */
const EXPLAINED_SHARE: Share = 0.5;
/** An upload belongs to a download that ended at most this long before, or this many times the download's own length. */
const ADJACENT_NS = 1e6;
const ADJACENT_LENGTHS = 4;

const isDownload = (r: CopyRow) =>
  r.kind === COPY_KIND.deviceToHost && r.sourceKind === MEMORY_KIND.device && r.destinationKind !== MEMORY_KIND.device;
const isUpload = (r: CopyRow) =>
  r.kind === COPY_KIND.hostToDevice && r.destinationKind === MEMORY_KIND.device && r.sourceKind !== MEMORY_KIND.device;

/**
 * Transfers that the program made by hand: a download from one GPU, then an upload of as many bytes, from the same kind of host
 * memory, to another GPU in the same process. Nothing in a trace names the buffer in between, so a pair counts only as part of a
 * pattern: large, adjacent in time, first come first served, at least three times between the same two GPUs, and explaining at
 * least half of the downloads of that size on the one and of the uploads on the other.
 */
export function explicitStaged(rows: readonly CopyRow[]): Transfer[] {
  const moved = rows.filter(isHalf);
  const accepted: Transfer[] = [];
  for (const ofProcess of group(moved, r => r.process).values())
    for (const ofSize of group(ofProcess, r => `${r.bytes}:${isDownload(r) ? r.destinationKind : r.sourceKind}`).values())
      accepted.push(...patterns(ofSize, chained(ofSize)));
  return accepted;
}

/** Whether the program moved data worth matching between a GPU and host memory. */
export const isHalf = (r: CopyRow): boolean => r.bytes >= LEAST_BYTES && (isDownload(r) || isUpload(r));

/**
 * Transfers whose download and upload different processes made, each perhaps with a report of its own: the host memory between them is
 * shared, or a socket. Judged by the same rules as those of one process, but of whatever kind of host memory.
 * @param rows on one clock, in order of start; `process` tells their processes apart, and `device` the GPUs, over all reports
 * @param slack by how much that clock may be wrong between two reports: an upload may seem to begin as much before its download ends
 */
export const stagedAcross = (rows: readonly CopyRow[], slack: Ns): Transfer[] =>
  [...group(rows.filter(isHalf), r => r.bytes).values()].flatMap(ofSize =>
    patterns(
      ofSize,
      chained(ofSize, slack, (d, u) => d.process !== u.process),
    ),
  );

/** Pairs each upload with the oldest download that is still free, over, and not stale; rows of one size, in order of start. */
function chained(
  rows: readonly CopyRow[],
  slack: Ns = 0,
  mayPair: (download: CopyRow, upload: CopyRow) => boolean = (d, u) => d.device !== u.device,
): Transfer[] {
  const downloads = rows.filter(isDownload).toSorted((a, b) => a.end - b.end);
  const free: CopyRow[] = [];
  const out: Transfer[] = [];
  let next = 0;
  for (const upload of rows.filter(isUpload)) {
    for (let ended = downloads[next]; ended !== undefined && ended.end <= upload.start + slack; ended = downloads[++next]) free.push(ended);
    const isStale = (d: CopyRow) => upload.start - d.end > Math.max(ADJACENT_NS, ADJACENT_LENGTHS * (d.end - d.start));
    while (free[0] !== undefined && isStale(free[0])) free.shift();
    const at = free.findIndex(d => mayPair(d, upload));
    const [download] = at < 0 ? [] : free.splice(at, 1);
    if (download !== undefined)
      out.push({ form: 'explicit-staged', source: download.device, destination: upload.device, out: [download], into: [upload] });
  }
  return out;
}

/** The pairs between each two GPUs, where they are a pattern. */
function patterns(rows: readonly CopyRow[], pairs: readonly Transfer[]): Transfer[] {
  const count = (device: string, test: (r: CopyRow) => boolean) => rows.filter(r => r.device === device && test(r)).length;
  return [...group(pairs, p => `${p.source}>${p.destination}`).values()]
    .filter(path => {
      const [first] = path;
      if (first === undefined || path.length < FEWEST_PAIRS) return false;
      const from = pairs.filter(p => p.source === first.source).length;
      const to = pairs.filter(p => p.destination === first.destination).length;
      return from >= EXPLAINED_SHARE * count(first.source, isDownload) && to >= EXPLAINED_SHARE * count(first.destination, isUpload);
    })
    .flat();
}
