import { columnAt, valueAt } from '#core/columns';
import { ascendingOrder } from '#core/math/spans';
import type { Bytes, Ns } from '#core/units';
import { COPY_KIND } from '#trace/events/copy-kinds';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import { deviceNumbers } from '#trace/events/numbers';
import type { TraceSource } from '#trace/source';

/** One recorded copy, with its GPUs told by their labels. */
export interface CopyRow {
  readonly start: Ns;
  readonly end: Ns;
  readonly device: string;
  readonly stream: number;
  readonly correlation: number;
  readonly process: number;
  readonly bytes: Bytes;
  readonly kind: number;
  readonly sourceKind: number;
  readonly destinationKind: number;
  /** Of a peer copy, else ''. */
  readonly source: string;
  readonly destination: string;
  /** Index in GpuOps. */
  readonly op: number;
}

/** The copies that can be part of a transfer between GPUs, in order of start. */
export function readCopyRows(store: TraceSource, ops: GpuOps): readonly CopyRow[] {
  const c = store.scan('memcpy', [
    'start_ns',
    'end_ns',
    'device_id',
    'stream_id',
    'correlation_id',
    'global_pid',
    'bytes',
    'copy_kind',
    'src_kind',
    'dst_kind',
    'src_device_id',
    'dst_device_id',
  ]);
  // readGpuOps keeps copies in order of start, equal ones in the file's order: so the k-th copy there is the k-th here.
  const opOf: number[] = [];
  for (let i = 0; i < ops.n; i++) if (ops.kind[i] === OP.copy) opOf.push(i);
  const devices = deviceNumbers(store);
  const processes = new Map(ops.processes.map((pid, i) => [pid, i]));
  const rows: CopyRow[] = [];
  for (const [k, i] of ascendingOrder(c.start_ns).entries()) {
    const kind = columnAt(c.copy_kind, i);
    if (kind !== COPY_KIND.hostToDevice && kind !== COPY_KIND.deviceToHost && kind !== COPY_KIND.peer) continue;
    if (!(columnAt(c.end_ns, i) > columnAt(c.start_ns, i))) continue;
    const recorded = columnAt(c.global_pid, i);
    const pid = Number.isNaN(recorded) ? 0 : recorded;
    const label = (id: number) => (id < 0 ? '' : (devices.labels[devices.of(pid, id)] ?? ''));
    rows.push({
      start: columnAt(c.start_ns, i),
      end: columnAt(c.end_ns, i),
      device: label(columnAt(c.device_id, i)),
      stream: columnAt(c.stream_id, i),
      correlation: columnAt(c.correlation_id, i),
      process: processes.get(pid) ?? Number.NaN,
      bytes: columnAt(c.bytes, i),
      kind,
      sourceKind: columnAt(c.src_kind, i),
      destinationKind: columnAt(c.dst_kind, i),
      source: kind === COPY_KIND.peer ? label(columnAt(c.src_device_id, i)) : '',
      destination: kind === COPY_KIND.peer ? label(columnAt(c.dst_device_id, i)) : '',
      op: valueAt(opOf, k),
    });
  }
  return rows;
}
