import type { CopyRow } from '#multi-gpu/peer-copies/copy-rows';
import { readCopies } from '#multi-gpu/peer-copies/peer-copies';
import type { PeerCopy } from '#multi-gpu/peer-copies/peer-copy';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import type { TraceStore } from '#trace/nsys/trace-store';

/** A named range of a host thread. */
export interface HostRange {
  /** ns since the session of its report began. */
  readonly start: number;
  readonly end: number;
  /** As the operating system numbers it. */
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
}

/** One report: one process or many, one GPU or many. All times in ns since its session began. */
export interface PipelineSource {
  readonly label: string;
  /** What to add to its times to put them on the clock that all reports share, ns. */
  readonly offset: number;
  readonly ops: GpuOps;
  /** What its host threads called: the launches, and what they did between them. */
  readonly host: HostCalls;
  readonly ranges: readonly HostRange[];
  /** Named moments, in order of time: ranges without a length. */
  readonly marks?: readonly HostRange[];
  /** Copies between its GPUs. */
  readonly copies: readonly PeerCopy[];
  /** Large copies between a GPU and the host whose other half may be another process's. */
  readonly halves?: readonly CopyRow[];
  /** What NCCL was told to carry by the call behind a kernel, by its index in ops, bytes; undefined or NaN where that is not known. */
  readonly messageOf?: ((op: number) => number | undefined) | undefined;
  /** By how much the clock that all reports share may be wrong for it, ns. */
  readonly residual?: number;
}

const ALL = 1_000_000_000;

/** The process id inside what nsys packs as a global id. */
export const pidOf = (globalPid: number): number => ((Math.floor(globalPid / 2 ** 24) % 2 ** 24) + 2 ** 24) % 2 ** 24;

/** Names that are asked for before ranges are read: those of a pipeline repeat in every iteration, and so are among the most frequent. */
const NAMES = 2000;

function meansSomething(store: TraceStore, understood: (name: string) => boolean): boolean {
  const answer = store.ask('nvtx_name', { top: NAMES });
  return answer.ok && answer.rows.some(r => understood(r.name));
}

function readRanges(store: TraceStore): HostRange[] {
  const answer = store.ask('nvtx_time', { top: ALL });
  if (!answer.ok) return [];
  return answer.rows.flatMap(r =>
    r.name === null ? [] : [{ start: r.start_ns, end: r.start_ns + r.dur_ns, pid: r.pid, tid: r.thread_id, name: r.name }],
  );
}

function readMarks(store: TraceStore, understood: (name: string) => boolean): HostRange[] {
  const answer = store.ask('nvtx_mark_time', { top: ALL });
  if (!answer.ok) return [];
  return answer.rows.flatMap(r => (understood(r.name) ? [{ start: r.t_ns, end: r.t_ns, pid: r.pid, tid: r.thread_id, name: r.name }] : []));
}

/**
 * Reads what a report says about a pipeline.
 * @param residual by how much `offset` may be wrong, ns
 * @param understood whether a name may mean something. Where none of the trace's does, its ranges are not read: a decode loop has
 *   hundreds of thousands.
 */
export function readSource(
  store: TraceStore,
  ops: GpuOps,
  host: HostCalls,
  label: string,
  offset = 0,
  understood: (name: string) => boolean = () => true,
  residual = 0,
): PipelineSource {
  const ranges = meansSomething(store, understood) ? readRanges(store) : [];
  return {
    label,
    offset,
    ops,
    host,
    ranges: ranges.sort((a, b) => a.start - b.start || b.end - a.end),
    marks: readMarks(store, understood),
    ...(store.missing('memcpy') === undefined ? readCopies(store, ops) : { copies: [] }),
    residual,
  };
}
