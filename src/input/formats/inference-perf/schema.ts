import { z } from 'zod';

const seconds = z.number().nonnegative().max(1e11);
const count = z.number().nonnegative().nullish();
const stamps = z.array(seconds).nullish();

const Response = z.object({ output_tokens: count, output_token_times: stamps, chunk_times: stamps });
/** One request of per_request_lifecycle_metrics.json. Before 2026 the fields of the response stood in `info` itself. */
export const LifecycleRequest = z.object({
  scheduled_time: seconds.nullish(),
  start_time: seconds,
  end_time: seconds,
  info: Response.extend({ input_tokens: count, response_metrics: Response.nullish() }).nullish(),
  error: z.looseObject({}).nullish(),
});
export type LifecycleRequest = z.infer<typeof LifecycleRequest>;

/** mean, min, max, median, p0.1, p99, …: what else may stand there is passed over. */
const statistics = z.record(z.string(), z.unknown()).nullish();

const Loaded = z.object({
  count: count,
  requested_rate: z.number().positive().nullish(),
  concurrency: z.number().positive().nullish(),
  schedule_delay: statistics,
});
const latencies = {
  request_latency: statistics,
  time_to_first_token: statistics,
  time_per_output_token: statistics,
  inter_token_latency: statistics,
};
/** A report of a stage, from its requests (`latency`, `throughput`) or from Prometheus (`rate`, and latencies without a group). */
export const StageReport = z.object({
  load_summary: Loaded,
  successes: z.object({
    count: z.number().int().nonnegative(),
    latency: z.object(latencies).nullish(),
    throughput: z.object({ output_tokens_per_sec: count, total_tokens_per_sec: count, requests_per_sec: count }).nullish(),
    rate: count,
    output_len: z.object({ rate: count }).nullish(),
    ...latencies,
  }),
  failures: z.object({ count: z.number().int().nonnegative().nullish() }),
});
export type StageReport = z.infer<typeof StageReport>;
