import { max } from 'd3-array';
import { realAt } from '#core/columns';
import { bytes as formatBytes } from '#core/format/numbers';
import { type Spans, union } from '#core/math/spans';
import type { Bytes, Ns } from '#core/units';
import { cardOf, type GpuCard } from '#schema/gpu-card';
import type { TraceSource } from '#trace/source';
import { COPY_KIND } from './copy-kinds.ts';
import { type GpuOps, OP } from './gpu-ops.ts';
import type { HostCalls } from './host-calls.ts';

/** Epoch ns at which the session began, or undefined when the export does not say. */
export function sessionStart(source: TraceSource): bigint | undefined {
  if (source.missing('session') !== undefined) return undefined;
  const row = source.scan('session', ['epoch_s', 'epoch_ns']);
  if (row.n === 0) return undefined;
  return BigInt(realAt(row.epoch_s, 0)) * 1_000_000_000n + BigInt(realAt(row.epoch_ns, 0));
}

/**
 * First and last recorded moment, ns since the session began. What came before the first is not in the trace; a call that ended before the
 * session began is a stray of what the profiler had recorded before.
 */
export function windowOf(ops: GpuOps, host: HostCalls): readonly [Ns, Ns] {
  const { start, end, n } = host.api;
  let firstCall = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) if (realAt(end, i) > 0) firstCall = Math.min(firstCall, realAt(start, i));
  const from = Math.min(ops.start[0] ?? Number.POSITIVE_INFINITY, firstCall);
  const to = Math.max(max(ops.end) ?? Number.NEGATIVE_INFINITY, max(host.api.end) ?? Number.NEGATIVE_INFINITY);
  if (Number.isFinite(from) && Number.isFinite(to)) return [Math.max(0, from), to];
  // Without any GPU work there are still the host's calls.
  const threads = host.threads.map((_, t) => host.callsOf(t)).filter(c => c.n > 0);
  if (threads.length === 0) return [0, 0];
  return [Math.max(0, Math.min(...threads.map(c => realAt(c.start, 0)))), Math.max(...threads.map(c => realAt(c.endSoFar, c.n - 1)))];
}

/** When any operation of any process ran on the device. */
export const deviceBusy = (ops: GpuOps, device: number): Spans => union(ops.start, ops.end, i => ops.device[i] === device);

/** Product names by device label. */
export function deviceNames(source: TraceSource, ops: GpuOps): ReadonlyMap<string, string> {
  if (source.missing('gpu') !== undefined) return new Map();
  const answer = source.ask('gpu_list');
  return new Map(
    answer.ok
      ? answer.rows.flatMap(g =>
          g.name === null || !ops.devices.includes(`GPU ${g.gpu_id}`) ? [] : [[`GPU ${g.gpu_id}`, g.name] as const],
        )
      : [],
  );
}

/** What the trace says of its GPUs, by their numbers; none where it describes none. */
export function gpuCards(source: TraceSource): ReadonlyMap<number, GpuCard> {
  if (source.missing('gpu') !== undefined) return new Map();
  const answer = source.ask('gpu_card');
  return new Map(answer.ok ? answer.rows.map(({ gpu_id, bus, uuid }) => [gpu_id, cardOf({ bus, uuid })] as const) : []);
}

/** What a copy moved. */
export interface Copied {
  readonly bytes: Bytes;
  /** One of COPY_KIND. */
  readonly copyKind: number;
  readonly pageable: boolean;
}

export const copyOf = (ops: GpuOps, op: number): Copied => ({
  bytes: realAt(ops.bytes, op),
  copyKind: ops.copyKind[op] ?? -1,
  pageable: ops.pageable[op] === 1,
});

const COPY_NAMES: Readonly<Record<number, string>> = {
  [COPY_KIND.hostToDevice]: 'host-to-device',
  [COPY_KIND.deviceToHost]: 'device-to-host',
  [COPY_KIND.deviceToDevice]: 'device-to-device',
  [COPY_KIND.hostToHost]: 'host-to-host',
  [COPY_KIND.peer]: 'peer-to-peer',
};

/** What a copy is called in a report. */
export const describeCopy = ({ bytes, copyKind, pageable }: Copied): string =>
  `${pageable ? 'pageable ' : ''}${COPY_NAMES[copyKind] ?? 'memory'} copy of ${formatBytes(bytes)}`;

/** What a GPU operation is called in a report. */
export function describeOp(ops: GpuOps, op: number): string {
  switch (ops.kind[op]) {
    case OP.kernel:
    case OP.communication:
      return ops.names.get(ops.nameId[op] ?? -1) ?? 'a kernel';
    case OP.copy:
      return 'a copy';
    case OP.graph:
      return 'a CUDA graph';
    default:
      return 'a fill';
  }
}
