import { intAt, realAt, valueAt } from '#core/columns';
import { gpuNumber } from '#trace/events/gpu-label';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import { type CollectiveKind, collectiveKind } from './kernel-name.ts';
import type { CallOf, NcclCall } from './nccl-calls.ts';
import type { CollectiveSource } from './source.ts';

/** The NCCL kernels of one rank on one stream, of one communicator where that is known, in order of start. Times in ns since its source's session began. */
export interface CollectiveStream {
  /** Index into Ranks.ranks. */
  readonly rank: number;
  readonly stream: number;
  /** Id of the communicator; empty where it is not known. */
  readonly communicator: string;
  /** Sends and receives of a communicator that is known: not all of its ranks need take part in each. */
  readonly pointToPoint: boolean;
  readonly n: number;
  /** Index in the source's GpuOps. */
  readonly op: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Index into Ranks.kinds: what must agree among the participants of a collective. */
  readonly kind: Int32Array;
  /** Message of each, bytes, NaN where it is not known; undefined where none is. */
  readonly bytes: Float64Array | undefined;
}

/** A GPU of a process that runs NCCL kernels. */
export interface Rank {
  readonly source: number;
  readonly process: number;
  readonly device: number;
  readonly deviceLabel: string;
  readonly label: string;
}

export interface Ranks {
  readonly ranks: readonly Rank[];
  readonly streams: readonly CollectiveStream[];
  readonly kinds: readonly CollectiveKind[];
}

interface Growing {
  readonly source: number;
  readonly process: number;
  readonly device: number;
  readonly stream: number;
  readonly communicator: string;
  readonly pointToPoint: boolean;
  readonly rows: number[];
  readonly calls: NcclCall[];
}

function streamsOf(ops: GpuOps, callOf: CallOf | undefined, source: number): Growing[] {
  const nccl = new Map([...ops.names].filter(([, name]) => name.startsWith('nccl')).map(([id, name]) => [id, collectiveKind(name)]));
  const found = new Map<string, Growing>();
  let last: Growing | undefined;
  for (let i = 0; i < ops.n; i++) {
    if (ops.kind[i] !== OP.communication || !(realAt(ops.end, i) > realAt(ops.start, i))) continue;
    // Signals of symmetric memory are between two, and no collective.
    const kind = nccl.get(ops.nameId[i] ?? -1);
    if (kind === undefined) continue;
    const process = intAt(ops.process, i);
    const device = intAt(ops.device, i);
    const stream = intAt(ops.stream, i);
    const call = callOf?.(i);
    const communicator = call?.communicator ?? '';
    const pointToPoint = communicator !== '' && kind.pointToPoint;
    const same =
      last?.process === process &&
      last.device === device &&
      last.stream === stream &&
      last.communicator === communicator &&
      last.pointToPoint === pointToPoint;
    if (last === undefined || !same) {
      const key = `${process}:${device}:${stream}:${communicator}:${pointToPoint}`;
      last = found.get(key) ?? { source, process, device, stream, communicator, pointToPoint, rows: [], calls: [] };
      found.set(key, last);
    }
    last.rows.push(i);
    if (call !== undefined) last.calls.push(call);
  }
  return [...found.values()];
}

/** Finds who takes part in collectives. Ranks are numbered by source, then by GPU, then by process id. */
export function findRanks(sources: readonly CollectiveSource[]): Ranks {
  const growing = sources.flatMap((s, i) => streamsOf(s.ops, s.callOf, i));
  const labelOf = (g: Growing) => sources[g.source]?.ops.devices[g.device] ?? '';
  const pidOf = (g: Growing) => valueAt(sources[g.source]?.ops.processes, g.process);
  growing.sort(
    (a, b) =>
      a.source - b.source ||
      gpuNumber(labelOf(a)) - gpuNumber(labelOf(b)) ||
      pidOf(a) - pidOf(b) ||
      a.stream - b.stream ||
      Number(a.pointToPoint) - Number(b.pointToPoint) ||
      (a.communicator < b.communicator ? -1 : 1),
  );
  const ranks: Rank[] = [];
  const numbers = new Map<string, number>();
  const kinds: CollectiveKind[] = [];
  const kindNumbers = new Map<string, number>();
  const streams = growing.map((g): CollectiveStream => {
    const { source, process, device, stream, communicator, pointToPoint, rows, calls } = g;
    const key = `${source}:${process}:${device}`;
    const rank = numbers.get(key) ?? ranks.length;
    if (rank === ranks.length) {
      numbers.set(key, rank);
      ranks.push({ source, process, device, deviceLabel: labelOf(g), label: `rank ${rank}` });
    }
    const ops = sources[source]?.ops;
    const ofName = new Map<number, number>();
    const kindOf = (nameId: number): number => {
      const known = ofName.get(nameId);
      if (known !== undefined) return known;
      const name = ops?.names.get(nameId) ?? '';
      const number = kindNumbers.get(name) ?? kinds.length;
      if (number === kinds.length) {
        kindNumbers.set(name, number);
        kinds.push(collectiveKind(name));
      }
      ofName.set(nameId, number);
      return number;
    };
    return {
      rank,
      stream,
      communicator,
      pointToPoint,
      n: rows.length,
      op: Int32Array.from(rows),
      start: Float64Array.from(rows.map(i => realAt(ops?.start, i))),
      end: Float64Array.from(rows.map(i => realAt(ops?.end, i))),
      kind: Int32Array.from(rows.map(i => kindOf(ops?.nameId[i] ?? -1))),
      bytes: communicator === '' ? undefined : Float64Array.from(calls.map(c => c.bytes)),
    };
  });
  return { ranks, streams, kinds };
}
