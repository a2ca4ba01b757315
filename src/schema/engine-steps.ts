import { z } from 'zod';

const ms = z.number().describe('milliseconds');

const STEP_NAMES = ['decode', 'verify', 'prefill', 'mixed', 'heavier', 'plain', 'other'] as const;
export const StepName = z.enum(STEP_NAMES);
export type StepName = z.infer<typeof StepName>;

const spread = z.strictObject({ median: z.number(), min: z.number(), max: z.number() });

/** What the steps of one kind worked on, by the tokens that came of them. */
export const StepWork = z.strictObject({
  sequences: spread.describe('requests that got a token from one step'),
  prompt_tokens: spread.nullable().describe('of the prompts whose first token came of it; null where the length of one is not known'),
  generated_tokens: spread,
});
export type StepWork = z.infer<typeof StepWork>;

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
  work: StepWork.nullable().describe('null where no times of tokens are known, or the clocks are too far apart to lay tokens to steps'),
});
export type EngineStepKind = z.infer<typeof EngineStepKind>;
