import { z } from 'zod';
import { CauseOrRest } from './causes.ts';
import { Metric } from './run.ts';
import { TargetResult } from './targets.ts';

const share = z.number().describe('fraction of one');
const count = z.number().int().nonnegative();

/** What a comparison came to, the gravest first. */
export const CHANGE_VERDICTS = ['regression', 'not-evaluable', 'improvement', 'equivalent'] as const;
export const ChangeVerdict = z.enum(CHANGE_VERDICTS);
export type ChangeVerdict = z.infer<typeof ChangeVerdict>;

/** Why a metric cannot be judged. */
const NOT_EVALUABLE = ['one-run', 'not-measured', 'not-positive', 'no-spread', 'few-requests', 'noise'] as const;
export const NotEvaluable = z.enum(NOT_EVALUABLE);
export type NotEvaluable = z.infer<typeof NotEvaluable>;

export const ComparedMetric = Metric.extend({
  base: z.number().nullable().describe('geometric mean of the runs; the mean where a value is not positive; null where none measured it'),
  candidate: z.number().nullable(),
  runs: z.tuple([count, count]).describe('that measured it, on either side'),
  ratio: z.number().nullable().describe('candidate over base'),
  ratio_ci: z
    .tuple([z.number(), z.number().nullable()])
    .nullable()
    .describe('95 %; null where runs are too few; null at the upper end: no bound'),
  method: z.enum(['paired-t', 'welch-t', 'sign-flips']).nullable(),
  judged: z.boolean().describe('whether it counts for the verdict of the comparison'),
  budget: share.describe('how much worse is tolerated'),
  p_worse: z.number().nullable().describe('of "it is not worse", by Holm for all that is judged; null where it is not judged'),
  p_better: z.number().nullable(),
  within_budget: z.boolean().nullable().describe('the whole interval is within the budget; null without an interval'),
  verdict: ChangeVerdict.nullable().describe('null where a change is neither worse nor better'),
  why: NotEvaluable.nullable(),
  reason: z.string().describe("why, and what would help; '' where there is a verdict"),
  runs_needed: count
    .nullable()
    .describe('runs a side with which an interval this noisy would fit into the budget; null where that is not known'),
});
export type ComparedMetric = z.infer<typeof ComparedMetric>;

const Changed = z.strictObject({ what: z.string(), base: z.array(z.string()), candidate: z.array(z.string()) });

const ComparedKernel = z.strictObject({
  name: z.string(),
  grid: z.string(),
  block: count,
  base_us: z.number().nullable().describe('median of a launch, mean of the runs; null where it did not run'),
  candidate_us: z.number().nullable(),
  ratio: z.number().nullable(),
  lost_ms: z.number().describe('what its launches of a run took more than before, mean of the runs; negative: less'),
});
export type ComparedKernel = z.infer<typeof ComparedKernel>;

/** What `forensics compare --json` prints. */
export const Comparison = z.strictObject({
  schema: z.literal('forensics.comparison/1'),
  verdict: ChangeVerdict,
  answer: z.string(),
  base: z.array(z.string()).min(1),
  candidate: z.array(z.string()).min(1),
  pairing: z.enum(['paired', 'independent']),
  metrics: z.array(ComparedMetric),
  within_run: z
    .strictObject({ n: z.tuple([count, count]), slower_share: share, p: z.number() })
    .nullable()
    .describe('of one run a side: how often a request of the candidate took longer than one of the base (Mann–Whitney). Not repeatable'),
  causes: z.array(
    z.strictObject({
      cause: CauseOrRest,
      base_ms: z.number().describe('mean of the runs'),
      candidate_ms: z.number(),
      base_ms_per_s: z.number().nullable().describe('of a second that was looked at; null where that is not known'),
      candidate_ms_per_s: z.number().nullable(),
    }),
  ),
  targets: z.array(TargetResult).nullable().describe('of the runs to judge; null where none were given'),
  kernels: z.array(ComparedKernel).describe('those that changed the time most'),
  settings: z.array(Changed),
  system: z.array(Changed),
  notes: z.array(z.string()),
});
export type Comparison = z.infer<typeof Comparison>;
