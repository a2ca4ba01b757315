import { z } from 'zod';

const ms = z.number().describe('milliseconds');

const STEP_NAMES = ['decode', 'verify', 'prefill', 'mixed', 'heavier', 'plain', 'other'] as const;
export const StepName = z.enum(STEP_NAMES);
export type StepName = z.infer<typeof StepName>;

/** The steps of one kind on one lane. */
export const EngineStepKind = z.strictObject({
  process: z.number().int().describe('process id'),
  device: z.string(),
  kind: StepName,
  told_by: z.enum(['tokens', 'kernels']).describe('by who got which token at their ends, or by the kernels alone'),
  steps: z.number().int().positive().describe('with requests in flight'),
  share: z.number().describe('of the time with requests in flight, fraction of one'),
  median_ms: ms.describe('length of a usual one'),
  work_ms: ms.describe('what is left of it without what was lost'),
  seen_above_ms: ms.describe('what one of them may lose by chance: an incident must be more'),
  excess_ms: ms.describe('what all of them took beyond the usual for their kind'),
});
export type EngineStepKind = z.infer<typeof EngineStepKind>;
