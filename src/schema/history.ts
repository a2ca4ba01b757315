import { z } from 'zod';
import { EpochNs } from './relation.ts';
import { Metric } from './run.ts';

const count = z.number().int().nonnegative();
const Moment = z.strictObject({ run: z.string(), time_ns: EpochNs.nullable(), commit: z.string().nullable() });

export const StepChange = Metric.extend({
  after: Moment.describe('the last run before the change'),
  at: Moment.describe('the first run after it'),
  index: count.describe('of that run among those that measured it, from 0'),
  base: z.number().describe('geometric mean of the stretch before; the mean where a value is not positive'),
  level: z.number().describe('of the stretch after'),
  ratio: z.number().nullable().describe('level over base; null where a value is not positive'),
  ratio_ci: z.tuple([z.number(), z.number()]).nullable().describe('95 %, by Welch on logarithms; null where a stretch is too short'),
  runs: z.tuple([count, count]).describe('in the stretch before and in that after'),
  p: z.number().describe('how often chance divides its history so well'),
  direction: z.enum(['worse', 'better', 'changed']),
});
export type StepChange = z.infer<typeof StepChange>;

/** What `forensics history --json` prints. */
export const History = z.strictObject({
  schema: z.literal('forensics.history/1'),
  answer: z.string(),
  runs: z.array(Moment).min(1).describe('the oldest first'),
  metrics: count.describe('that were looked at'),
  changes: z.array(StepChange).describe('the latest first'),
  notes: z.array(z.string()),
});
export type History = z.infer<typeof History>;
