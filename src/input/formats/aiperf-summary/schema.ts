import { z } from 'zod';

/** The statistics of one metric (JsonMetricResult); of derived ones only unit and avg. */
export const Metric = z.looseObject({ unit: z.string(), avg: z.number().optional(), count: z.number().int().nonnegative().optional() });
export type Metric = z.infer<typeof Metric>;

/** Metrics that are read, by their names in the file. */
export const METRICS = [
  'request_latency',
  'time_to_first_token',
  'inter_token_latency',
  'inter_chunk_latency',
  'benchmark_duration',
  'request_count',
  'error_request_count',
  'request_throughput',
  'output_token_throughput',
  'total_token_throughput',
  'total_isl',
  'total_osl',
  'total_output_tokens',
] as const;
export type MetricName = (typeof METRICS)[number];
export const isMetricName = (name: unknown): name is MetricName => METRICS.some(known => known === name);

/** The settings of the run that are read; the layout of input_config differs between versions, so all may be missing. */
export const Settings = z.object({
  model: z.string().optional(),
  concurrency: z.number().positive().optional(),
  request_rate: z.number().positive().optional(),
  start_time: z.string().optional(),
  end_time: z.string().optional(),
});

/** Metrics that say again what is read from another: times of the requests at the ends of the run. */
export const NAMED_OTHERWISE: ReadonlySet<string> = new Set(['min_request_timestamp', 'max_response_timestamp']);
