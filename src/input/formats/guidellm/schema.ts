import { z } from 'zod';

/** Seconds since 1970. */
const stamp = z.number().nonnegative().max(1e11).nullish();
const tokens = z.number().nonnegative().nullish();

/** One request (GenerativeRequestStats). */
export const GuidellmRequest = z.object({
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
export type GuidellmRequest = z.infer<typeof GuidellmRequest>;

/** The distribution of one metric over one kind of requests. All values are 0 where `count` is 0. */
export const Distribution = z.object({
  mean: z.number(),
  std_dev: z.number(),
  min: z.number(),
  max: z.number(),
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
