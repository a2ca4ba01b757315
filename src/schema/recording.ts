import { z } from 'zod';
import { EpochNs } from './relation.ts';

/** What a run of the workload without the profiler says of the profiler's cost. */
export const Overhead = z.strictObject({
  metric: z.string(),
  unit: z.string(),
  /** Values of the metric without and with the profiler. */
  control: z.number(),
  recorded: z.number(),
  change: z.number().describe('(recorded − control) / control'),
  change_ci: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe('95 % interval of change; null where there are too few requests for one'),
});
export type Overhead = z.infer<typeof Overhead>;

/** How a trace was recorded, where `forensics capture` did it. */
export const Recording = z.strictObject({
  preset: z.string(),
  nsys_version: z.string(),
  method: z.string(),
  flags: z.array(z.string()).describe('flags that the user gave to nsys'),
  opened_ns: EpochNs.nullable(),
  closed_ns: EpochNs.nullable(),
  closed_by: z.string().nullable(),
  overhead: z.array(Overhead).nullable().describe('null when no control run was made. Nothing in the report is corrected by it.'),
  missing: z.array(z.string()),
});
export type Recording = z.infer<typeof Recording>;
