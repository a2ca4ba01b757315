import { z } from 'zod';
import { Metric } from './run.ts';

const price = z.number().nonnegative();

/** One thing that a run must reach, in the unit of its metric: ms, tok/s, tok/J, $. */
const Target = z
  .strictObject({
    metric: z.string().min(1).describe("as 'tok/s', 'e2e p99', 'tok/J', 'usd/1M tok'; 'p99' stands for that of each latency"),
    setting: z.string().optional().describe("of which load, as 'concurrency 16'; of all where it is not said"),
    at_least: z.number().optional(),
    above: z.number().optional(),
    at_most: z.number().optional(),
    below: z.number().optional(),
    note: z.string().optional(),
  })
  .refine(t => [t.at_least, t.above, t.at_most, t.below].filter(limit => limit !== undefined).length === 1, {
    message: 'a target has one limit: at_least, above, at_most or below',
  });
export type Target = z.infer<typeof Target>;

/** targets.json: what a machine or a release must reach. */
export const Targets = z.strictObject({
  schema: z.literal('forensics.targets/1'),
  kwh_usd: price.optional().describe('price of a kilowatt-hour, for the cost of tokens'),
  pue: z.number().min(1).optional().describe('power usage effectiveness of the building; 1 where it is not said'),
  gpu_hour_usd: price.optional().describe('price of a GPU-hour; rental prices usually include power'),
  targets: z.array(Target).min(1),
});
export type Targets = z.infer<typeof Targets>;

/** Why a target was not measured. */
const NOT_MEASURED = ['no-figure', 'no-power', 'no-price', 'few-requests', 'no-setting'] as const;

export const TargetResult = Metric.omit({ better: true }).extend({
  verdict: z.enum(['pass', 'fail', 'not-measured']),
  limit: z.number(),
  bound: z.enum(['at_least', 'above', 'at_most', 'below']),
  worst: z.number().nullable().describe('of the runs that measured it; null where none did'),
  passed: z.int().nonnegative().describe('runs that reach it'),
  runs: z.int().nonnegative().describe('that measured it'),
  why: z.enum(NOT_MEASURED).nullable(),
  reason: z.string().describe("why it was not measured, in words; '' where it was"),
  note: z.string(),
});
export type TargetResult = z.infer<typeof TargetResult>;

/** What `forensics targets --json` prints. */
export const Judgement = z.strictObject({
  schema: z.literal('forensics.judgement/1'),
  verdict: z.enum(['pass', 'fail', 'not-measured']),
  answer: z.string(),
  runs: z.array(z.string()).min(1),
  results: z.array(TargetResult).min(1),
});
export type Judgement = z.infer<typeof Judgement>;
