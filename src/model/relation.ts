import { z } from 'zod';

/** Epoch nanoseconds as a decimal string: they exceed 2^53. */
export const EpochNs = z.string().regex(/^-?\d+$/, 'epoch nanoseconds as a decimal string');

/**
 * One request of a load test, in milliseconds relative to the origin of its series (see Series.origin_ns).
 * Times stay relative so that they are exact as doubles.
 */
export const RequestRow = z.strictObject({
  id: z.string(),
  /** Intended start (open-loop schedule), where the source knows it. */
  intended_ms: z.number().nullable(),
  /** When the server or the client saw the request begin. */
  arrival_ms: z.number(),
  /** When the engine admitted it. */
  scheduled_ms: z.number().nullable(),
  first_token_ms: z.number().nullable(),
  finish_ms: z.number().nullable(),
  prompt_tokens: z.number().nonnegative().nullable(),
  output_tokens: z.number().nonnegative().nullable(),
  /** Times between output tokens after the first, in ms. */
  itl_ms: z.array(z.number().nonnegative()).nullable(),
  status: z.enum(['ok', 'failed', 'unfinished']),
});
export type RequestRow = z.infer<typeof RequestRow>;

/** One reading of one GPU. A missing value is null, never zero. */
export const GpuSampleRow = z.strictObject({
  t_ms: z.number(),
  gpu: z.number().int().nonnegative(),
  name: z.string().nullable(),
  power_w: z.number().nullable(),
  power_limit_w: z.number().nullable(),
  sm_clock_mhz: z.number().nullable(),
  mem_clock_mhz: z.number().nullable(),
  temperature_c: z.number().nullable(),
  utilization_pct: z.number().nullable(),
  memory_used_mib: z.number().nullable(),
  /** Bit mask of NVML clocks event reasons. */
  event_reasons: z.number().int().nonnegative().nullable(),
});
export type GpuSampleRow = z.infer<typeof GpuSampleRow>;

/** One reading of the host's cumulative counters. A missing column is null. */
export const HostSampleRow = z.strictObject({
  t_ms: z.number(),
  cpu_user_ticks: z.number().nullable(),
  cpu_system_ticks: z.number().nullable(),
  cpu_idle_ticks: z.number().nullable(),
  cpu_iowait_ticks: z.number().nullable(),
  context_switches: z.number().nullable(),
  procs_running: z.number().nullable(),
  procs_blocked: z.number().nullable(),
  disk_reads: z.number().nullable(),
  disk_read_sectors: z.number().nullable(),
  disk_read_ms: z.number().nullable(),
  disk_writes: z.number().nullable(),
  disk_write_sectors: z.number().nullable(),
  disk_io_ms: z.number().nullable(),
  major_faults: z.number().nullable(),
  swap_in_pages: z.number().nullable(),
  swap_out_pages: z.number().nullable(),
  mem_available_kib: z.number().nullable(),
  psi_io_some_us: z.number().nullable(),
  psi_mem_some_us: z.number().nullable(),
  psi_cpu_some_us: z.number().nullable(),
});
export type HostSampleRow = z.infer<typeof HostSampleRow>;

/** On which clock a series was written, and how well its origin is known. */
export const Clock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('epoch'), uncertainty_ms: z.number().nonnegative() }),
  /** Wall-clock time without a zone: read as if it were UTC; the true offset is an assumption that must be checked. */
  z.strictObject({ kind: z.literal('zoneless'), uncertainty_ms: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('relative') }),
]);
export type Clock = z.infer<typeof Clock>;

/** A relation read from one file: its rows, the clock they are on, and where they came from. */
export interface Series<Kind extends string, Row> {
  readonly kind: Kind;
  /** Id of the importer that read it. */
  readonly format: string;
  readonly clock: Clock;
  /** Epoch ns (or, for a relative clock, an arbitrary zero) that `*_ms` values count from. */
  readonly origin_ns: bigint;
  readonly rows: readonly Row[];
  /** What this file cannot support, in sentences for the reader. */
  readonly limits: readonly string[];
  /** What was odd about the file but did not stop the import: counted, never silent. */
  readonly warnings: readonly string[];
}
export type RequestSeries = Series<'requests', RequestRow>;
export type GpuSeries = Series<'gpu', GpuSampleRow>;
export type HostSeries = Series<'host', HostSampleRow>;
export type AnySeries = RequestSeries | GpuSeries | HostSeries;
