import { z } from 'zod';

const amount = z.number().nonnegative().nullish();
const seconds = z.number().nonnegative();

/** One line: the settings and results of one run, with one entry a request where it was written with --output-details. */
export const SglangRun = z.object({
  tag: z.string().nullish(),
  backend: z.string().nullish(),
  dataset_name: z.string().nullish(),
  request_rate: z.union([z.number().nonnegative(), z.string().regex(/^inf/i)]).nullish(),
  max_concurrency: amount,
  duration: amount,
  completed: z.number().int().nonnegative(),
  total_input_tokens: amount,
  total_output_tokens: amount,
  request_throughput: amount,
  output_throughput: amount,
  total_throughput: amount,
  mean_itl_ms: amount,
  accept_length: amount,
  output_lens: z.array(z.number().nonnegative()).nullish(),
  ttfts: z.array(seconds).nullish(),
  itls: z.array(z.array(seconds)).nullish(),
  errors: z.array(z.string().nullable()).nullish(),
});
export type SglangRun = z.infer<typeof SglangRun>;
