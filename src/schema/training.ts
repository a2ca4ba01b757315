import { z } from 'zod';
import { CauseOrRest } from './causes.ts';

const ms = z.number().describe('milliseconds');
const share = z.number().describe('0 to 1');
const count = z.number().int().nonnegative();

/** By what the steps of a training were told apart, the surest first. */
const STEPS_BY = ['range', 'optimizer', 'pipeline-iterations', 'gradient-all-reduce', 'kernel-period'] as const;
export const StepsBy = z.enum(STEPS_BY);
export type StepsBy = z.infer<typeof StepsBy>;

export const HowSure = z.enum(['high', 'medium', 'low']);
export type HowSure = z.infer<typeof HowSure>;

const StepCause = z.strictObject({ cause: CauseOrRest, excess_ms: ms, share, subject: z.string() });

/** What one rank's step lost beyond the usual, shared out over causes: they add up to its excess. */
const RankBreakdown = z.strictObject({ rank: z.string(), duration_ms: ms, excess_ms: ms, causes: z.array(StepCause) });

const SlowStep = z.strictObject({
  number: count.describe('from 1, of the whole steps of the first rank that the trace holds'),
  start_ms: ms.describe('since the start of the window'),
  duration_ms: ms,
  usual_ms: ms.describe('the median of steps of its kind'),
  excess_ms: ms,
  rank: z.string().describe('whose books follow: the rank that the others waited for, where they did'),
  causes: z.array(StepCause).min(1).describe('the largest first, the unexplained rest last; they add up to excess_ms'),
  others: z
    .array(RankBreakdown)
    .describe('the books of the other ranks in the same step; what they waited for the late one is collective-wait'),
  incident: z.string(),
});

const StepTimes = z.strictObject({
  rank: z.string().describe('of a pipeline all ranks take a step together: then its schedule'),
  device: z.string(),
  steps: count,
  median_ms: ms,
  p90_ms: ms,
  p99_ms: ms,
  max_ms: ms,
  limit_ms: ms.nullable().describe('longer is slow; null where there are too few steps to say'),
});

const Utilisation = z.strictObject({
  flops_per_step: z.number().describe('of all ranks together, as given or as the shapes of matrix products say'),
  from: z.enum(['given', 'shapes']),
  peak_flops: z.number().describe('a second, of one GPU'),
  peak: z.string().describe('of which precision that peak is, and where it is from'),
  gpus: count,
  median_share: share.describe('of the peak of all GPUs, in a step of median length'),
  mean_share: share.describe('over all steps, slow ones too'),
});

/** The steps of a training loop; all lists are empty where none was found. */
export const Training = z.strictObject({
  answer: z.string(),
  by: StepsBy.nullable().describe('null where no step was found'),
  mark: z.string().describe('the name of the range; empty where none tells'),
  sure: HowSure.nullable(),
  alike_share: share.describe('of the steps that hold as much work as the middle one of their rank'),
  lockstep: z.boolean().describe('the ranks take their steps together'),
  ranks: z.array(StepTimes),
  excess_ms: ms.describe('of the slow steps, wall time'),
  books: z
    .array(z.strictObject({ cause: CauseOrRest, steps: count, excess_ms: ms, share, subject: z.string(), ranks: z.array(z.string()) }))
    .describe('the time that slow steps lost by cause, wall time; they add up to excess_ms'),
  slow: z.array(SlowStep),
  utilisation: Utilisation.nullable().describe('null where no number of operations or no peak is known'),
  tokens_per_step: z.number().nullable(),
  tokens_per_second: z.number().nullable().describe('over all steps, slow ones too'),
  points: z
    .array(z.strictObject({ rank: z.string(), number: count, t_ms: ms, duration_ms: ms, slow: z.boolean() }))
    .describe('for the chart'),
  cannot_tell: z.array(z.string()),
});
export type Training = z.infer<typeof Training>;
