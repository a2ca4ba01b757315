import type { Ns } from '#core/units';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import type { CopyRow } from '#multi-gpu/peer-copies/copy-rows';
import { readCopies } from '#multi-gpu/peer-copies/peer-copies';
import type { PeerCopy } from '#multi-gpu/peer-copies/peer-copy';
import { type GpuOps, isPointToPoint, OP } from '#trace/events/gpu-ops';
import type { OpenedTrace } from '#trace/opened-trace';
import type { TraceSource } from '#trace/source';

/** A named range of a host thread. */
export interface HostRange {
  /** Since the session of its report began. */
  readonly start: Ns;
  readonly end: Ns;
  /** As the operating system numbers it. */
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
}

/** One report: one process or many, one GPU or many. All times in ns since its session began; its clock leads to what all reports share. */
export interface PipelineSource extends Pick<OpenedTrace, 'ops' | 'host' | 'clock'> {
  readonly label: string;
  /** Telemetry of a GPU, by its label, on the report's own clock. */
  readonly samples?: ((device: string) => SampleTimeline) | undefined;
  /** Who waited for whom. */
  readonly waits?: WaitGraph | undefined;
  readonly ranges: readonly HostRange[];
  /** Named moments, in order of time: ranges without a length. */
  readonly marks?: readonly HostRange[];
  /** Copies between its GPUs. */
  readonly copies: readonly PeerCopy[];
  /** Large copies between a GPU and the host whose other half may be another process's. */
  readonly halves?: readonly CopyRow[];
  /** What NCCL was told to carry by the call behind a kernel, by its index in ops, bytes; undefined or NaN where that is not known. */
  readonly messageOf?: ((op: number) => number | undefined) | undefined;
}

const ALL = 1_000_000_000;

/** Names that are asked for before ranges are read: those of a pipeline repeat in every iteration, and so are among the most frequent. */
const NAMES = 2000;

function meansSomething(source: TraceSource, understood: (name: string) => boolean): boolean {
  const answer = source.ask('nvtx_name', { top: NAMES });
  return answer.ok && answer.rows.some(r => understood(r.name));
}

function readRanges(source: TraceSource): HostRange[] {
  const answer = source.ask('nvtx_time', { top: ALL });
  if (!answer.ok) return [];
  return answer.rows.flatMap(r =>
    r.name === null ? [] : [{ start: r.start_ns, end: r.start_ns + r.dur_ns, pid: r.pid, tid: r.thread_id, name: r.name }],
  );
}

function readMarks(source: TraceSource, understood: (name: string) => boolean): HostRange[] {
  const answer = source.ask('nvtx_mark_time', { top: ALL });
  if (!answer.ok) return [];
  return answer.rows.flatMap(r => (understood(r.name) ? [{ start: r.t_ns, end: r.t_ns, pid: r.pid, tid: r.thread_id, name: r.name }] : []));
}

/** Whether NCCL sent anything from one GPU to another. */
export function passesMessages(ops: GpuOps): boolean {
  for (let op = 0; op < ops.n; op++) if (ops.kind[op] === OP.communication && isPointToPoint(ops, op)) return true;
  return false;
}

/**
 * Reads what a report says about a pipeline.
 * @param understood whether a name may mean something. Where none of the trace's does, its ranges are not read: a decode loop has
 *   hundreds of thousands.
 */
export function readSource(
  { source, ops, host, clock }: OpenedTrace,
  label: string,
  understood: (name: string) => boolean = () => true,
): PipelineSource {
  const copies = source.missing('memcpy') === undefined ? readCopies(source, ops) : { copies: [] };
  // Where messages pass between GPUs, ranges of any name may mark the iterations.
  const ranges = meansSomething(source, understood) || copies.copies.length > 0 || passesMessages(ops) ? readRanges(source) : [];
  return {
    label,
    ops,
    host,
    clock,
    ranges: ranges.sort((a, b) => a.start - b.start || b.end - a.end),
    marks: readMarks(source, understood),
    ...copies,
  };
}
