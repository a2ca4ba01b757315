import { z } from 'zod';
import type { Metered } from './gpu-card.ts';
import { MeasuredPower } from './measured-power.ts';
import type { MeasurementRow } from './measurement.ts';

/** Epoch nanoseconds as a decimal string: they exceed 2^53. */
export const EpochNs = z.string().regex(/^-?\d+$/, 'epoch nanoseconds as a decimal string');

/** One request of a load test, in ms relative to the origin of its series (see Series.origin_ns): so times are exact as doubles. */
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
  /** Times between output tokens after the first, in ms. There may be hundreds of millions in a file: single precision is good to a microsecond. */
  itl_ms: z.instanceof(Float32Array).nullable(),
  /** Which of several users sent it, and the adapter (LoRA) that it asked for; left out where the source does not tell. */
  session: z.number().int().nonnegative().optional(),
  adapter: z.string().nullable().optional(),
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

/** One reading of what has no column of its own: wall power, an exporter's gauge, a process. A missing value has no row. */
export const SampleRow = z.strictObject({
  t_ms: z.number(),
  /** What was read: "wall", "GPU 0", "disk vda", "pid 4711". */
  entity: z.string(),
  metric: z.string(),
  /** W, J, mJ, %, MHz, us, B/s and the like; "" for a bare count. */
  unit: z.string(),
  value: z.number(),
  /** A value of that moment, a count since some start, or an average over the time before. */
  nature: z.enum(['gauge', 'counter', 'average']),
  /** Over how long an average runs. */
  window_ms: z.number().nonnegative().nullable(),
});
export type SampleRow = z.infer<typeof SampleRow>;

/** One figure of a latency distribution. Where only a bucket is known, `lower_ms` and `upper_ms` are its edges; else they are equal. */
export const LatencyFigure = z.strictObject({
  metric: z.enum(['e2e', 'ttft', 'tpot', 'itl', 'queue', 'schedule_delay', 'read', 'write']),
  statistic: z.enum(['mean', 'std', 'min', 'max', 'percentile']),
  /** 0.99 for p99; null for what is no percentile. */
  q: z.number().min(0).max(1).nullable(),
  lower_ms: z.number(),
  /** null for a bucket without an upper edge. */
  upper_ms: z.number().nullable(),
  /** How many values it rests on, where the file says. */
  n: z.number().int().nonnegative().nullable(),
});
export type LatencyFigure = z.infer<typeof LatencyFigure>;

/** What a tool said about a stretch of a run, as a Locust row or an interval of a histogram log. */
export const SummaryWindow = z.strictObject({
  start_ms: z.number(),
  length_ms: z.number().nonnegative().nullable(),
  tag: z.string().nullable(),
  requests: z.number().nonnegative().nullable(),
  failures: z.number().nonnegative().nullable(),
  latency: z.array(LatencyFigure),
});
export type SummaryWindow = z.infer<typeof SummaryWindow>;

const amount = z.number().nullable();
/** What is told of a run as a whole. null wherever the file does not say; nothing is worked out from other fields. */
export const RunSummary = z.strictObject({
  label: z.string().nullable(),
  model: z.string().nullable(),
  /** On the clock of the series. */
  start_ms: amount,
  end_ms: amount,
  duration_s: amount,
  /** Requests a second that were asked for; Infinity is null, with the limit said. */
  requested_rate: amount,
  /** Highest number of requests in flight that was allowed. */
  concurrency: amount,
  gpus: amount,
  sent: amount,
  completed: amount,
  /** What came within the time that the rates are of, where that is told apart from what was asked for in it. */
  completed_in_window: amount,
  failed: amount,
  input_tokens: amount,
  output_tokens: amount,
  output_tokens_in_window: amount,
  requests_per_s: amount,
  output_tokens_per_s: amount,
  total_tokens_per_s: amount,
  latency: z.array(LatencyFigure),
  windows: z.array(SummaryWindow),
  power: MeasuredPower.nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** One thing that holds for a machine while the file was written: a link, a limit, a state, an error count. */
export const FactRow = z.strictObject({
  /** "GPU 0", "GPU 0 link 3", "GPU 0-GPU 1", "disk vda". */
  entity: z.string(),
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  unit: z.string(),
});
export type FactRow = z.infer<typeof FactRow>;

/** On which clock a series was written, and how well its origin is known. */
export const Clock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('epoch'), uncertainty_ms: z.number().nonnegative() }),
  /** Wall-clock time without a zone: read as if it were UTC; the true offset is an assumption that must be checked. */
  z.strictObject({ kind: z.literal('zoneless'), uncertainty_ms: z.number().nonnegative() }),
  /** CLOCK_MONOTONIC of the host (time since its boot): placed by one pair of epoch and monotonic stamps of the same boot. */
  z.strictObject({ kind: z.literal('monotonic'), uncertainty_ms: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('relative') }),
  /** The file holds no times at all: a summary, or the state of a machine. */
  z.strictObject({ kind: z.literal('none') }),
]);
export type Clock = z.infer<typeof Clock>;

/** Rows in their order: an array, or columns that make each row as it is asked for. */
export interface Rows<Row> extends Iterable<Row> {
  readonly length: number;
  /** As of an array: negative indices count from the end. */
  at(index: number): Row | undefined;
}

/** A relation read from one file: its rows, the clock they are on, and where they came from. */
export interface Series<Kind extends string, Row, All extends Rows<Row> = readonly Row[]> {
  readonly kind: Kind;
  /** Id of the importer that read it. */
  readonly format: string;
  readonly clock: Clock;
  /** Epoch ns (or, for a relative clock, an arbitrary zero) that `*_ms` values count from. */
  readonly origin_ns: bigint;
  readonly rows: All;
  /** What this file cannot support, in sentences for the reader. */
  readonly limits: readonly string[];
  /** What was odd about the file but did not stop the import: counted, never silent. */
  readonly warnings: readonly string[];
}
export type RequestSeries = Series<'requests', RequestRow>;
/** In order of time. Eight GPUs read fifty times a second make 35 million readings a day: more than an array of objects can hold. */
export interface GpuSeries extends Series<'gpu', GpuSampleRow, Rows<GpuSampleRow>>, Metered<number> {}
export type HostSeries = Series<'host', HostSampleRow>;
export interface SampleSeries extends Series<'samples', SampleRow>, Metered<string> {}
export type SummarySeries = Series<'summary', RunSummary>;
export type FactSeries = Series<'facts', FactRow>;
export type MeasurementSeries = Series<'measurements', MeasurementRow>;
/** What can be laid over a trace. */
export type TimedSeries = RequestSeries | GpuSeries | HostSeries;
export type AnySeries = TimedSeries | SampleSeries | SummarySeries | FactSeries | MeasurementSeries;
