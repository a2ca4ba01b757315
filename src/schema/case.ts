import { z } from 'zod';
import { ClockPair } from './clock-pair.ts';
import { SamplerSummary } from './monitor.ts';
import { Overhead } from './recording.ts';
import { EpochNs } from './relation.ts';

/** How nsys is driven; docs/capture.md says what each can do. */
export const Method = z.enum(['sessions', 'profile']);
export type Method = z.infer<typeof Method>;

/** A stretch that was recorded, or should have been. */
const Window = z.strictObject({
  name: z.string(),
  opened_ns: EpochNs.nullable(),
  closed_ns: EpochNs.nullable(),
  /** Why it closed: its time was up, the workload ended, ... Null when it never opened. */
  closed_by: z.string().nullable(),
  /** Traces of this window, as file names in the case: several when each rank has its own. */
  traces: z.array(z.string()),
  reports: z.array(z.string()),
});

const CASE_STATUS = ['complete', 'incomplete', 'workload-failed', 'interrupted'] as const;

/** case.json: what ran, how it was recorded, what is in the folder and what is missing from it. It is written last. */
export const Case = z.strictObject({
  schema: z.literal('forensics.case/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  status: z.enum(CASE_STATUS),
  /** One sentence each: what was asked for and is not there, and why. */
  missing: z.array(z.string()),
  notes: z.array(z.string()),
  command: z.array(z.string()),
  preset: z.string(),
  nsys: z.strictObject({ version: z.string(), method: Method, why: z.string(), flags: z.array(z.string()) }),
  started_ns: EpochNs,
  ended_ns: EpochNs,
  clocks: z.array(ClockPair.extend({ at: z.string() })),
  windows: z.array(Window),
  workload: z.strictObject({
    started_ns: EpochNs.nullable(),
    ended_ns: EpochNs.nullable(),
    exit_code: z.number().int().nullable(),
    signal: z.string().nullable(),
    /** What was to become of it after the last window. */
    afterwards: z.enum(['wait', 'stop', 'leave']),
  }),
  load: z.strictObject({ command: z.string(), started_ns: EpochNs, exit_code: z.number().int().nullable() }).nullable(),
  /** Whether names, environments and secrets were removed from all that is in the folder. */
  redacted: z.boolean(),
  overhead: z.array(Overhead).nullable(),
  samplers: z.array(SamplerSummary),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string() })),
});
export type Case = z.infer<typeof Case>;
