import { z } from 'zod';

/** Seconds since 1970. */
const stamp = z.number().nonnegative().max(1e11).nullish();
const tokens = z.number().nonnegative().nullish();

/** One request of 0.4 and later (GenerativeRequestStats). */
const Stats = z.object({
  request_id: z.string(),
  info: z.object({
    timings: z.object({
      targeted_start: stamp,
      resolve_start: stamp,
      request_start: stamp,
      first_token_iteration: stamp,
      request_end: stamp,
      resolve_end: stamp,
    }),
  }),
  prompt_tokens: tokens,
  output_tokens: tokens,
});
/** One request of 0.2 and 0.3 (GenerativeTextResponseStats, GenerativeTextErrorStats). */
const TextResponse = z.object({
  request_id: z.string().nullish(),
  scheduler_info: z.object({ targeted_start_time: stamp, request_start: stamp, request_end: stamp }),
  start_time: stamp,
  end_time: stamp,
  first_token_time: stamp,
  prompt_tokens: tokens,
  output_tokens: tokens,
});
export type TextResponse = z.infer<typeof TextResponse>;

const isTextResponse = (value: unknown): boolean => typeof value === 'object' && value !== null && 'scheduler_info' in value;
/** The schema of a request by the version that wrote it. */
export const requestSchema = (value: unknown): z.ZodType<Stats | TextResponse> => (isTextResponse(value) ? TextResponse : Stats);
export type Stats = z.infer<typeof Stats>;

/** The distribution of one metric over one kind of requests. All values are 0 where `count` is 0. */
export const Distribution = z.object({
  mean: z.number(),
  std_dev: z.number(),
  min: z.number(),
  max: z.number(),
  /** Since 0.2 beside the percentiles, which lacked it then. */
  median: z.number().optional(),
  count: z.number().int().nonnegative(),
  total_sum: z.number(),
  percentiles: z.record(z.string(), z.number()),
});
export type Distribution = z.infer<typeof Distribution>;

export const Strategy = z.object({
  type_: z.string(),
  rate: z.number().positive().nullish(),
  streams: z.number().positive().nullish(),
  max_concurrency: z.number().positive().nullish(),
});
export type Strategy = z.infer<typeof Strategy>;

export const Made = z.object({
  successful: z.number().int().nonnegative(),
  errored: z.number().int().nonnegative(),
  incomplete: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
});
