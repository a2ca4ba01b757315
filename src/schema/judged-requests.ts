import { z } from 'zod';

const ms = z.number().describe('milliseconds');
const count = z.number().int().nonnegative();

/** The requests of a load test, and what was expected of them. */
export const JudgedRequests = z.strictObject({
  total: count,
  finished: count,
  failed: count.default(0).describe('answered with an error, or cut off; the rest had not ended when the load test did'),
  /** Requests whose whole life lies inside the trace: only these enter the books. */
  judged: count,
  slow: count,
  slow_threshold_ms: ms.describe('excess beyond which a request counts as slow'),
  expected: z.strictObject({
    method: z.string(),
    coefficients: z.array(z.strictObject({ term: z.string(), value: z.number(), unit: z.string() })),
    noise_ms: ms
      .nullable()
      .describe('robust standard deviation of what the fit leaves over; null where engine steps judged, and nothing was fitted'),
  }),
});
export type JudgedRequests = z.infer<typeof JudgedRequests>;
