import { z } from 'zod';
import { EpochNs } from './relation.ts';

/** The two clocks of a host read at one moment: an epoch stamp, and CLOCK_MONOTONIC, which never steps. */
export const ClockPair = z.strictObject({
  epoch_ns: EpochNs,
  monotonic_ns: z.string().regex(/^\d+$/),
  uncertainty_ns: z.number().nonnegative(),
});
export type ClockPair = z.infer<typeof ClockPair>;
