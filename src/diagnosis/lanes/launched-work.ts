import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { Lane } from './lane.ts';

/** What a lane ran, by which steps of one kind are told from those of another. */
export interface LaunchedWork {
  /** When work of a launch of its own began, ascending, ns: all nodes of a graph are one launch. */
  readonly launches: Float64Array;
  /** When each operation began, ascending, ns. */
  readonly starts: Float64Array;
  /** The family of kernels that each operation is of, -1 for copies and fills. */
  readonly family: Int32Array;
  /** How many families there are. */
  readonly families: number;
}

const NOTHING = new Float64Array(0);
export const NOTHING_LAUNCHED: LaunchedWork = { launches: NOTHING, starts: NOTHING, family: new Int32Array(0), families: 0 };

/** Sizes stand in names: the tile of a matrix product, the number of a compiled function. The same function serves many. */
const SIZES = /\d+/g;
/** Kernels in a graph are another sign than the same kernels launched one by one; a graph that was recorded as one row is a sign by itself. */
const WHOLE_GRAPH = 'graph';
const IN_GRAPH = 'graph: ';

/** The work of a lane, launch by launch and operation by operation. */
export function launchedWork(ops: GpuOps, lane: Lane): LaunchedWork {
  const launches = new Float64Array(lane.ops.length);
  const family = new Int32Array(lane.ops.length).fill(-1);
  const numbers = new Map<string, number>();
  const ofName = [new Map<number, number>(), new Map<number, number>()] as const;
  const numberOf = (text: string) => getOrCompute(numbers, text, () => numbers.size);
  let n = 0;
  let last = Number.NaN;
  for (const [k, i] of lane.ops.entries()) {
    const correlation = intAt(ops.correlation, i);
    if (correlation !== last) launches[n++] = realAt(ops.start, i);
    last = correlation;
    const nameId = intAt(ops.nameId, i);
    if (ops.kind[i] === OP.graph) family[k] = numberOf(WHOLE_GRAPH);
    else if (nameId >= 0) {
      const inGraph = ops.inGraph[i] === 1;
      family[k] = getOrCompute(ofName[inGraph ? 1 : 0], nameId, () =>
        numberOf(`${inGraph ? IN_GRAPH : ''}${(ops.names.get(nameId) ?? String(nameId)).replace(SIZES, '#')}`),
      );
    }
  }
  return { launches: launches.subarray(0, n), starts: lane.starts, family, families: numbers.size };
}
