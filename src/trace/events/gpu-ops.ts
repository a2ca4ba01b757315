import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { mergeAscending } from '#core/math/spans';
import type { Bytes } from '#core/units';
import type { Scan, TraceSource } from '#trace/source';
import { MEMORY_KIND } from './copy-kinds.ts';
import { type Migrations, readMigrations } from './migrations.ts';
import { deviceNumbers, pairNumbers } from './numbers.ts';

/** What a GPU operation is. Communication is a collective's kernel; a graph is a whole CUDA graph recorded as one row. */
export const OP = { kernel: 0, communication: 1, copy: 2, memset: 3, graph: 4 } as const;

/** Every GPU operation of the trace in order of start, one typed array per column. Times in ns since the session began. */
export interface GpuOps {
  readonly n: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly kind: Uint8Array;
  /** Physical GPU: index into `devices`. */
  readonly device: Int32Array;
  readonly stream: Int32Array;
  /** Index into `processes`. */
  readonly process: Int32Array;
  readonly correlation: Int32Array;
  /** Same value = same kernel with the same launch shape, or the same kind and size of copy: work that should take the same time. */
  readonly work: Int32Array;
  /** Name id of a kernel, -1 for the others. */
  readonly nameId: Int32Array;
  /** Id of a kernel's name with its template arguments, -1 for the others. */
  readonly fullNameId: Int32Array;
  /** Bytes of a copy or a fill, else 0. */
  readonly bytes: Float64Array;
  /** One of COPY_KIND or another of memcpy.copy_kind's, -1 for other operations. */
  readonly copyKind: Int8Array;
  /** 1 where either side of a copy is pageable host memory. */
  readonly pageable: Uint8Array;
  readonly inGraph: Uint8Array;
  /** Managed memory that moved, or was waited for, without the program's asking. */
  readonly migrations: Migrations;
  readonly devices: readonly string[];
  readonly processes: readonly number[];
  /** Short kernel names by name id. */
  readonly names: ReadonlyMap<number, string>;
}

/**
 * Kernels that move data between GPUs or spin until a peer has: NCCL's, before and since its version 2.18; PyTorch's symmetric memory
 * (torch/csrc/distributed/c10d/symm_mem: barrier_kernel, put_signal_kernel, wait_signal_kernel); NVSHMEM's own.
 */
const COMMUNICATION = /^nccl(Dev)?Kernel|^(barrier|put_signal|wait_signal)_kernel$|^nvshmem/;
/** NCCL's kernel for sends and receives, all-to-alls made of them among them. */
const POINT_TO_POINT = /SendRecv/;

/** Whether an operation is NCCL's kernel for sends and receives. */
export const isPointToPoint = ({ names, nameId }: GpuOps, op: number): boolean => POINT_TO_POINT.test(names.get(nameId[op] ?? -1) ?? '');

/** Copies within a power of two of each other count as the same work. */
const sizeClass = (bytes: Bytes) => Math.round(Math.log2(bytes + 1));

const BASE = ['start_ns', 'end_ns', 'device_id', 'stream_id', 'correlation_id', 'global_pid'] as const;
type Part = Scan<'kernel' | 'memcpy' | 'memset' | 'graph_launch', (typeof BASE)[number]>;

const scansOf = (source: TraceSource) => ({
  kernels: source.scan('kernel', [...BASE, 'full_name_id', 'name_id', 'grid_x', 'grid_yz', 'graph_node_id']),
  copies: source.scan('memcpy', [...BASE, 'bytes', 'copy_kind', 'src_kind', 'dst_kind', 'migration_cause']),
  fills: source.scan('memset', [...BASE, 'bytes']),
  graphs: source.scan('graph_launch', [...BASE, 'graph_exec_id']),
});

const columnsOf = (n: number) => ({
  n,
  start: new Float64Array(n),
  end: new Float64Array(n),
  kind: new Uint8Array(n),
  device: new Int32Array(n),
  stream: new Int32Array(n),
  process: new Int32Array(n),
  correlation: new Int32Array(n),
  work: new Int32Array(n),
  nameId: new Int32Array(n).fill(-1),
  fullNameId: new Int32Array(n).fill(-1),
  bytes: new Float64Array(n),
  copyKind: new Int8Array(n).fill(-1),
  pageable: new Uint8Array(n),
  inGraph: new Uint8Array(n),
});

/** Sets what only operations of one kind have, for each of the four relations in turn, from its row `i` to the operation `at`. */
function setters(
  ops: ReturnType<typeof columnsOf>,
  { kernels, copies, fills, graphs }: ReturnType<typeof scansOf>,
  collectives: ReadonlySet<number>,
): readonly ((at: number, i: number) => void)[] {
  const shape = pairNumbers();
  const work = pairNumbers();
  return [
    (at, i) => {
      const name = kernels.full_name_id[i] ?? -1;
      ops.kind[at] = collectives.has(kernels.name_id[i] ?? -1) ? OP.communication : OP.kernel;
      ops.nameId[at] = kernels.name_id[i] ?? -1;
      ops.fullNameId[at] = name;
      ops.work[at] = work(name, shape(intAt(kernels.grid_x, i), intAt(kernels.grid_yz, i)));
      ops.inGraph[at] = (kernels.graph_node_id[i] ?? -1) > 0 ? 1 : 0;
    },
    (at, i) => {
      ops.kind[at] = OP.copy;
      ops.bytes[at] = realAt(copies.bytes, i);
      ops.copyKind[at] = copies.copy_kind[i] ?? -1;
      ops.pageable[at] = copies.src_kind[i] === MEMORY_KIND.pageable || copies.dst_kind[i] === MEMORY_KIND.pageable ? 1 : 0;
      ops.work[at] = work(-2 - intAt(copies.copy_kind, i), sizeClass(realAt(copies.bytes, i)));
    },
    (at, i) => {
      ops.kind[at] = OP.memset;
      ops.bytes[at] = realAt(fills.bytes, i);
      ops.work[at] = work(-100, sizeClass(realAt(fills.bytes, i)));
    },
    (at, i) => {
      ops.kind[at] = OP.graph;
      ops.work[at] = work(-200, intAt(graphs.graph_exec_id, i));
    },
  ];
}

/**
 * Reads kernels, copies, fills and graph launches into one list in order of start.
 */
export function readGpuOps(source: TraceSource): GpuOps {
  const scans = scansOf(source);
  const { kernels, copies, fills, graphs } = scans;
  const parts: readonly Part[] = [kernels, copies, fills, graphs];
  const ops = columnsOf(parts.reduce((sum, p) => sum + p.n, 0));
  const devices = deviceNumbers(source);
  const processes: number[] = [];
  const processNumbers = new Map<number, number>();
  const processOf = (globalPid: number) => {
    const pid = Number.isNaN(globalPid) ? 0 : globalPid;
    return getOrCompute(processNumbers, pid, () => processes.push(pid) - 1);
  };
  const names = source.names(new Set(kernels.name_id));
  const collectives = new Set([...names].filter(([, name]) => COMMUNICATION.test(name)).map(([id]) => id));
  const setOwn = setters(ops, scans, collectives);

  let at = -1;
  mergeAscending(
    parts.map(p => p.start_ns),
    (p, i) => {
      at++;
      const part = parts[p] as Part;
      ops.start[at] = realAt(part.start_ns, i);
      ops.end[at] = realAt(part.end_ns, i);
      ops.stream[at] = intAt(part.stream_id, i);
      ops.correlation[at] = intAt(part.correlation_id, i);
      const globalPid = realAt(part.global_pid, i);
      ops.process[at] = processOf(globalPid);
      ops.device[at] = devices.of(Number.isNaN(globalPid) ? 0 : globalPid, intAt(part.device_id, i));
      setOwn[p]?.(at, i);
    },
  );
  const migrations = readMigrations(source, copies, {
    deviceOf: (globalPid, device) => devices.of(Number.isNaN(globalPid) ? 0 : globalPid, device),
    processOf: globalPid => processNumbers.get(Number.isNaN(globalPid) ? 0 : globalPid) ?? -1,
  });
  return { ...ops, migrations, devices: devices.labels, processes, names };
}
