import { intAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Ns } from '#core/units';
import { gpuNumber } from '#trace/events/gpu-label';
import { isPointToPoint, OP } from '#trace/events/gpu-ops';
import type { PipelineSource } from '../source.ts';

/** What a GPU operation is to a pipeline. */
export const EVENT = { compute: 0, message: 1, collective: 2 } as const;

/** The work of one process on one GPU in the order in which its host launched it. Times on the clock that all reports share. */
export interface LaneEvents {
  /** Index of its report. */
  readonly source: number;
  readonly device: number;
  /** `report:device`. */
  readonly key: string;
  readonly n: number;
  /** Each as GpuOps of its report counts. */
  readonly op: Int32Array;
  readonly kind: Uint8Array;
  /** When its launch began; that of the one before where the trace does not say. */
  readonly launched: Float64Array;
  /** Index of the thread that launched it, -1 where unknown. */
  readonly thread: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** The same number: the same kernel with the same shape. */
  readonly work: Int32Array;
  /** The same number: a kernel of the same name, in whichever report. */
  readonly name: Int32Array;
}

interface Row {
  readonly op: number;
  readonly kind: number;
  readonly launched: Ns;
  readonly thread: number;
}

/** Copies between GPUs of a report, by operation: the lanes that they leave and reach. */
function copiesByOp(source: PipelineSource): ReadonlyMap<number, readonly number[]> {
  return new Map(source.copies.map(c => [c.op, [c.sourceDevice, c.destinationDevice].filter(d => d >= 0)]));
}

function kindOf(source: PipelineSource, op: number, copies: ReadonlyMap<number, readonly number[]>): number | undefined {
  switch (source.ops.kind[op]) {
    case OP.kernel:
    case OP.graph:
      return EVENT.compute;
    case OP.communication:
      return isPointToPoint(source.ops, op) ? EVENT.message : EVENT.collective;
    case OP.copy:
      return copies.has(op) ? EVENT.message : undefined;
    default:
      return undefined;
  }
}

function rowsOf(source: PipelineSource): Map<string, Row[]> {
  const { ops, host } = source;
  const { offset } = source.clock;
  const copies = copiesByOp(source);
  const lanes = new Map<string, Row[]>();
  for (let op = 0; op < ops.n; op++) {
    const kind = kindOf(source, op, copies);
    if (kind === undefined) continue;
    const process = intAt(ops.process, op);
    const call = host.api.find(valueAt(ops.processes, process), intAt(ops.correlation, op));
    // A copy is a message of the lane that it leaves and of the one that it reaches.
    const devices = kind === EVENT.message ? (copies.get(op) ?? [intAt(ops.device, op)]) : [intAt(ops.device, op)];
    for (const device of devices) {
      const list = getOrCompute(lanes, `${process}:${device}`, () => [] as Row[]);
      const before = list.at(-1)?.launched ?? realAt(ops.start, op) + offset;
      list.push({
        op,
        kind,
        launched: call < 0 ? before : realAt(host.api.start, call) + offset,
        thread: call < 0 ? -1 : intAt(host.api.thread, call),
      });
    }
  }
  return lanes;
}

/** Every process on every GPU that computes, by report, number of the GPU and process. */
export function laneEvents(sources: readonly PipelineSource[]): LaneEvents[] {
  const numbers = new Map<string, number>();
  return sources.flatMap((source, s) => {
    const { ops, clock } = source;
    const lanes = [...rowsOf(source)].map(([key, rows]) => {
      const [process, device] = key.split(':').map(Number);
      return { process: process ?? -1, device: device ?? -1, rows };
    });
    const nameOf = (op: number) => {
      const name = ops.names.get(intAt(ops.nameId, op)) ?? '';
      return getOrCompute(numbers, name, () => numbers.size);
    };
    const numberOf = (device: number) => gpuNumber(ops.devices[device] ?? '');
    lanes.sort((a, b) => numberOf(a.device) - numberOf(b.device) || a.process - b.process);
    return lanes.flatMap(({ device, rows }): LaneEvents[] => {
      if (rows.every(r => r.kind !== EVENT.compute)) return [];
      rows.sort((a, b) => a.launched - b.launched || a.op - b.op);
      return [
        {
          source: s,
          device,
          key: `${s}:${device}`,
          n: rows.length,
          op: Int32Array.from(rows, r => r.op),
          kind: Uint8Array.from(rows, r => r.kind),
          launched: Float64Array.from(rows, r => r.launched),
          thread: Int32Array.from(rows, r => r.thread),
          start: Float64Array.from(rows, r => realAt(ops.start, r.op) + clock.offset),
          end: Float64Array.from(rows, r => realAt(ops.end, r.op) + clock.offset),
          work: Int32Array.from(rows, r => intAt(ops.work, r.op)),
          name: Int32Array.from(rows, r => nameOf(r.op)),
        },
      ];
    });
  });
}
