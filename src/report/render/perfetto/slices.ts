import type { Bytes, Ns } from '#core/units';

/** One operation of a GPU, as the trace has it. Times count from the trace's session. */
export interface GpuSlice {
  readonly pid: number | null;
  readonly device_id: number;
  readonly stream_id: number;
  readonly kind: string;
  readonly name: string | null;
  readonly correlation_id: number | null;
  readonly copy_kind: number | null;
  readonly bytes: Bytes | null;
  readonly start_ns: Ns;
  readonly dur_ns: Ns;
}

/** One call or range of a host thread. */
export interface ThreadSlice {
  readonly pid: number;
  readonly thread_id: number;
  readonly kind: string;
  readonly name: string | null;
  readonly correlation_id: number | null;
  readonly start_ns: Ns;
  readonly dur_ns: Ns;
}

/** What of a trace is drawn beside what the report says of it. */
export interface TraceSlices {
  readonly gpu: readonly GpuSlice[];
  readonly threads: readonly ThreadSlice[];
  /** Names of processes, and of threads where `thread_id` is not null. */
  readonly names: readonly { readonly pid: number; readonly thread_id: number | null; readonly name: string }[];
  /** The window that they are of, ns since the session began. */
  readonly from: Ns;
  readonly to: Ns;
  /** Where the report's window begins, ns since the session began: its times count from there. */
  readonly windowStart: Ns;
}
