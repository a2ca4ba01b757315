import { z } from 'zod';

const amount = z.number().nonnegative().optional();
const text = z.string().optional();

/** What stands at the top of the document; every field may be missing. */
export const Run = z.object({
  date: text,
  label: text,
  model_id: text,
  num_prompts: amount,
  /** Python writes "inf" where all requests are released at once. */
  request_rate: z.union([z.number().nonnegative(), z.string().regex(/^inf/i)]).optional(),
  max_concurrency: amount,
  duration: amount,
  completed: amount,
  failed: amount,
  total_input_tokens: amount,
  total_output_tokens: amount,
  request_throughput: amount,
  output_throughput: amount,
  total_token_throughput: amount,
  benchmark_start_time_unix: amount,
  benchmark_end_time_unix: amount,
});
export type Run = z.infer<typeof Run>;

const seconds = z.number().nonnegative();
/** One entry of each array of --save-detailed; durations in seconds. */
export const ENTRY = {
  input_lens: z.number().nonnegative(),
  output_lens: z.number().nonnegative(),
  ttfts: seconds,
  itls: z.array(seconds),
  latencies: seconds,
  start_times: seconds,
  /** From the release by the schedule to the sending; of a request that was never sent it is nonsense. */
  queue_times: z.number(),
  errors: z.string().nullable(),
} as const;
