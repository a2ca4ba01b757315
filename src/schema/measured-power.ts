import { z } from 'zod';

const amount = z.number().nullable();

/** What a load test says of the power drawn while it ran. null wherever the file does not say. */
export const MeasuredPower = z.strictObject({
  /** "8 GPUs", "wall". */
  entity: z.string(),
  mean_w: amount,
  min_w: amount,
  max_w: amount,
  energy_j: amount,
  tokens_per_joule: amount,
  samples: amount,
  /** How long was sampled, and how long was asked for. */
  sampled_s: amount,
  requested_s: amount,
});
