import { z } from 'zod';

const amount = z.number().nonnegative().optional();

/** What stands at the top of the document. Without a number of completed requests no figure can be trusted. */
export const Run = z.object({
  date: z.string().optional(),
  model_id: z.string().optional(),
  num_prompts: amount,
  request_rate: z.union([z.number().nonnegative(), z.literal('inf')]).optional(),
  max_concurrency: amount,
  duration: amount,
  completed: z.number().int().nonnegative(),
  total_input_tokens: amount,
  total_output_tokens: amount,
  request_throughput: amount,
  output_throughput: amount,
  total_token_throughput: amount,
});
export type Run = z.infer<typeof Run>;
