import { z } from 'zod';
import { CauseOrRest } from './causes.ts';
import { EpochNs } from './relation.ts';

const count = z.number().int().nonnegative();

/** What is known of a metric wherever it was measured. */
export const Metric = z.strictObject({
  metric: z.string().describe("as 'e2e p99', 'tok/s', 'bubble'"),
  setting: z.string().describe("under which of several loads of one run it was measured, as 'concurrency 16'; '' where there is one"),
  unit: z.string(),
  better: z.enum(['lower', 'higher']).nullable().describe('null where a change is neither: how long prompts were, what power was drawn'),
});
export type Metric = z.infer<typeof Metric>;

/** A metric by its name and, where there are several loads, by the one. */
export const metricName = ({ metric, setting }: Pick<Metric, 'metric' | 'setting'>): string =>
  setting === '' ? metric : `${metric} (${setting})`;

/** One number that a run came to. */
export const RunFigure = Metric.extend({
  value: z.number(),
  n: count.nullable().describe('requests that it rests on; null where that is not known'),
});
export type RunFigure = z.infer<typeof RunFigure>;

/** Launches of one kernel with one shape. */
export const RunKernel = z.strictObject({
  name: z.string(),
  grid: z.string().describe('blocks in x, and in y times z'),
  block: count.describe('threads in a block'),
  runs: count,
  median_us: z.number().nonnegative(),
  total_ms: z.number().nonnegative(),
});
export type RunKernel = z.infer<typeof RunKernel>;

/** What is kept of one run to hold others against it: figures, not requests. */
export const Run = z.strictObject({
  name: z.string(),
  inputs: z.array(z.string()).describe('SHA-256 of each file that it was read from'),
  time_ns: EpochNs.nullable().describe('when it was, where its files say'),
  commit: z.string().nullable(),
  figures: z.array(RunFigure),
  settings: z.record(z.string(), z.string()),
  causes: z
    .array(z.strictObject({ cause: CauseOrRest, excess_ms: z.number() }))
    .nullable()
    .describe('null where nothing looked for them'),
  window_s: z.number().nullable().describe('how long was looked at for causes'),
  kernels: z.array(RunKernel).nullable().describe('null without a trace'),
  machine: z.record(z.string(), z.string()).describe('what its snapshot says of the machine; empty without one'),
});
export type Run = z.infer<typeof Run>;

/** A file that `forensics baseline save` writes: runs to hold others against. */
export const Baseline = z.strictObject({
  schema: z.literal('forensics.baseline/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  name: z.string(),
  runs: z.array(Run).min(1),
});
export type Baseline = z.infer<typeof Baseline>;
