import { z } from 'zod';
import { NotEvaluable } from './comparison.ts';
import { Cost } from './cost.ts';
import { Metric } from './run.ts';

const count = z.number().int().nonnegative();
const share = z.number().describe('fraction of one');
/** A 95 % interval; null at an end: no bound there. */
const interval = z.tuple([z.number().nullable(), z.number().nullable()]);

/** One metric at one setting. */
export const SweepFigure = Metric.omit({ setting: true }).extend({
  mean: z.number().describe('of the runs; geometric where all are above 0'),
  ci: interval.nullable().describe('95 %, over runs; null for one run'),
  values: z.array(z.number()).min(1).describe('of each run'),
});
export type SweepFigure = z.infer<typeof SweepFigure>;

/** One setting, and what was measured there. */
export const SweepPoint = z.strictObject({
  value: z.string().describe("as '512' or 'bfloat16'"),
  number: z.number().nullable().describe('null where a setting is a word'),
  runs: count,
  figures: z.array(SweepFigure),
  slo: z.enum(['holds', 'fails', 'not-measured']).nullable().describe('null where none was asked for'),
  slo_failed: z.array(z.string()).describe('what of it fails, or was not measured'),
  failure: z.enum(['no-start', 'requests-failed', 'preempted']).nullable().describe('what went wrong there first'),
  failure_share: share.nullable().describe('requests that failed, of those sent; preemptions for each request'),
});
export type SweepPoint = z.infer<typeof SweepPoint>;

/** From one setting to the next: what it buys. */
export const SweepStep = z.strictObject({
  from: z.string(),
  to: z.string(),
  factor: z.number().nullable().describe('by which the setting grows; null between words'),
  gain: share.describe('of the throughput'),
  gain_ci: interval.nullable().describe('95 %, over runs; null where there are too few'),
  per_doubling: share.nullable().describe('the same for twice the setting'),
  verdict: z
    .enum(['gain', 'loss', 'noise', 'not-evaluable'])
    .describe('noise: an interval that holds 0; not-evaluable: nothing tells the noise'),
  why: NotEvaluable.nullable(),
});
export type SweepStep = z.infer<typeof SweepStep>;

const NO_KNEE = ['few-settings', 'straight', 'noise', 'still-rising', 'words', 'not-complete'] as const;
export const NoKneeReason = z.enum(NO_KNEE);
export type NoKneeReason = z.infer<typeof NoKneeReason>;

/** What `forensics sweep --json` prints. */
export const Sweep = z.strictObject({
  schema: z.literal('forensics.sweep/1'),
  answer: z.string(),
  over: z.string().describe("what was varied, as 'concurrency'"),
  metric: z.string().describe('the throughput that knee, steps and law are of'),
  unit: z.string(),
  latency: z.string().nullable().describe('the latency that the charts show beside it'),
  inputs: z.array(z.string()),
  points: z.array(SweepPoint).min(1).describe('ascending, or in the order given where settings are words'),
  steps: z.array(SweepStep),
  knee: z.strictObject({
    at: z.number().nullable().describe('Kneedle; null where none shows'),
    interval: z.tuple([z.number(), z.number()]).nullable().describe('settings that may be it, 95 %; null for one run'),
    why: NoKneeReason.nullable(),
    reason: z.string().describe("why none is named; '' where one is"),
  }),
  usl: z
    .strictObject({
      gamma: z.number().describe('throughput at 1'),
      alpha: z.number().describe('contention'),
      beta: z.number().describe('coherency'),
      peak: z.number().nullable().describe('setting with the most throughput by the fit; null where it has none'),
      gamma_ci: interval.nullable(),
      alpha_ci: interval.nullable(),
      beta_ci: interval.nullable(),
      peak_ci: interval.nullable(),
    })
    .nullable()
    .describe('the universal scalability law; null where it does not apply or is not determined'),
  sweet_spot: z
    .strictObject({
      value: z.string(),
      throughput: z.number(),
      share_of_best: share,
      next: SweepStep.nullable().describe('what the next setting buys'),
    })
    .nullable(),
  slo: z
    .strictObject({
      limits: z.array(z.string()),
      highest: z.string().nullable().describe('the highest setting that holds it, all lower ones holding it too'),
      first_failing: z.string().nullable(),
      is_monotone: z.boolean().describe('no setting above one that fails holds it'),
    })
    .nullable(),
  first_failure: z.string().nullable().describe('the lowest setting where something went wrong'),
  largest_whole: z.string().nullable().describe('the highest setting below that'),
  cost: Cost.nullable(),
  pareto: z.array(z.string()).describe('settings of which no other has more throughput and less latency'),
  notes: z.array(z.string()),
});
export type Sweep = z.infer<typeof Sweep>;
