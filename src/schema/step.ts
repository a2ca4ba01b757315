import { z } from 'zod';
import { EpochNs } from './relation.ts';

/** steps/ID.json: how far a step of `forensics run` has come. It is written before the step and after it. */
export const Step = z.strictObject({
  schema: z.literal('forensics.step/1'),
  step: z.string().regex(/^[a-z]+(?:-\d{1,3})?$/),
  plan_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('of the plan, with what the command line laid over it'),
  state: z.enum(['begun', 'done', 'failed', 'not-done']).describe('begun: it was interrupted, unless it runs now'),
  attempts: z.number().int().nonnegative().describe('how often it was begun, over all interruptions'),
  reason: z.string().nullable().describe('why it failed, or was not begun'),
  notes: z.array(z.string()).describe('what it could not do, one sentence each'),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })).describe('what it wrote, below the folder of the run'),
  began_ns: EpochNs.nullable(),
  ended_ns: EpochNs.nullable(),
});
export type Step = z.infer<typeof Step>;
