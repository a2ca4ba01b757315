import { z } from 'zod';
import { CauseOrRest } from './causes.ts';

const ms = z.number().describe('milliseconds');
const us = z.number().nullable().describe('microseconds');
const share = z.number().describe('0 to 1');
const count = z.number().int().nonnegative();

export const SCHEDULES = [
  'gpipe',
  '1f1b',
  'interleaved',
  'looped-bfs',
  'zb-h1',
  'interleaved-zb',
  'zbv',
  'dualpipe',
  'dualpipev',
  'unknown',
] as const;
export const ScheduleName = z.enum(SCHEDULES);
export type ScheduleName = z.infer<typeof ScheduleName>;

/** Forward, backward (of inputs, and of weights where there is no W), backward of weights. */
export const OPERATION_KINDS = ['F', 'B', 'W'] as const;
export const PHASES = ['warmup', 'steady', 'cooldown'] as const;

/** Why a pipeline's devices stand still longer than theory says. The parts add up to the excess. */
export const EXCESS = ['stage-imbalance', 'handoff-latency', 'exposed-copy', 'launch-starvation', 'straggling', 'unexplained'] as const;

/** One operation on the GPU; times in ms since the session began. For the Gantt chart. */
const GanttOperation = z.strictObject({
  iteration: count,
  kind: z.enum(OPERATION_KINDS),
  microbatch: count,
  /** Virtual stage, 0 to p·v − 1. */
  stage: count,
  /** Position in the pipeline of the device it ran on, 0 to p − 1. */
  rank: count,
  start_ms: ms,
  end_ms: ms,
  phase: z.enum(PHASES).nullable(),
});

const GanttHandoff = z.strictObject({
  iteration: count,
  from_rank: count,
  to_rank: count,
  microbatch: count,
  kind: z.enum(['F', 'B']),
  start_ms: ms,
  end_ms: ms,
});

/** The bubble of one device over the iterations of a schedule. */
const StageBubble = z.strictObject({
  /** Position in the pipeline, 0 to p − 1; it holds the virtual stages rank, rank + p, ... */
  stage: count,
  device: z.string(),
  measured_share: share.describe('1 − union of compute / length of the iteration, mean over iterations'),
  measured_share_range: z.tuple([share, share]),
  /** Bubble time over ideal compute time: the other figure that is called the bubble. */
  measured_overhead: z.number(),
  theory_share: share.nullable().describe('(p−1)/(v·m+p−1) and its like for even stages; null where theory has none'),
  simulated_share: share.describe('with the measured times of the operations and free hand-offs, in the order that ran'),
  /** Idle, and communication that hides nothing: what is compared with theory. */
  idle_ms: ms,
  exposed_communication_ms: ms,
  copies_hidden_share: share.nullable().optional().describe('of the time of the copies that this device sends, under its own compute'),
  peak_microbatches: count.describe('microbatches whose forward is done and whose backward is not, at most at once; virtual stages ÷ v'),
  compute_ms: ms,
});

const Handoffs = z.strictObject({
  count,
  expected: count.nullable().describe('by theory; null where theory has none'),
  bytes: z.number().nullable().describe('median'),
  median_us: us.describe('duration of the copy, median; of a message by NCCL, of the shorter of its two kernels'),
  latency_us: us.describe("producer's end to consumer's start, median"),
  hidden_share: share.nullable().describe('of the copy time, under compute of the source device'),
  hidden_share_destination: share.nullable(),
  gbps: z.number().nullable().describe('gigabytes a second, median'),
  staged: count.describe('copies that went through the host'),
  staged_lost_ms: ms.nullable().describe('time of those copies beyond what direct ones would have taken, all iterations'),
  staged_against: z.string().nullable().optional().describe('what those copies were compared with; may be a lower bound'),
  staged_stall_ms: ms
    .nullable()
    .optional()
    .describe('device time that direct copies would have saved, a mean iteration: a part of exposed-copy of the excess'),
});

const Phase = z.strictObject({
  stage: count,
  phase: z.enum(PHASES),
  start_ms: ms.describe('of the median iteration, which the Gantt shows'),
  end_ms: ms,
  forwards: count,
  backwards: count,
});

/** What would be gained: the iteration's length over the simulated length with one thing mended. */
const WhatIf = z.strictObject({ what: z.string(), speedup: z.number() });

export const Schedule = z.strictObject({
  name: ScheduleName,
  /** How the name was found, in a sentence: from the order of operations, or why it could not be. */
  detected: z.string(),
  /** Where the name is unknown and more than one schedule explains the order as well: each, the likeliest first. */
  candidates: z.array(z.strictObject({ name: ScheduleName, theory_share: share.nullable().describe('with even stages') })).optional(),
  /** What the program calls it, where its marks say. */
  label: z.string().nullable(),
  /** Operations out of the textbook's order. */
  departures: z.array(z.string()),
  p: count,
  m: count.describe('0 where no schedule explains what ran, and only the bubble is known'),
  v: count.describe('0 likewise'),
  iterations: count,
  iteration_ms: z.array(ms),
  ideal_ms: ms.nullable().describe('the longest stage’s compute, undisturbed'),
  simulated_ms: ms,
  bubble: z.array(StageBubble),
  phases: z.array(Phase),
  /** The program's own marks of the phases laid beside those; null where it made none. */
  phase_marks: z
    .strictObject({ operations: count, disagree: count, examples: z.array(z.string()) })
    .nullable()
    .optional(),
  handoffs: Handoffs,
  /** Device time beyond the bubble of theory (of the simulation where theory gives none), a mean iteration, all stages. A part below 0 made it smaller. */
  excess: z.array(z.strictObject({ why: z.enum(EXCESS), ms })),
  excess_ms: ms,
  /** The part launch-starvation of the excess by what the launching thread did meanwhile. */
  launch_causes: z.array(z.strictObject({ cause: CauseOrRest, ms, subject: z.string() })).optional(),
  /** The same part by the device whose launches came late, with what the others waited for it meanwhile. */
  launch_ranks: z
    .array(
      z.strictObject({
        stage: count,
        ms,
        longest_tenth_share: share
          .optional()
          .describe('of the time that launches of that device were late: what the tenth of its operations holds that were latest'),
      }),
    )
    .optional(),
  what_if: z.array(WhatIf),
  gantt: z.strictObject({ operations: z.array(GanttOperation), handoffs: z.array(GanttHandoff) }).describe('of the median iteration'),
});
export type Schedule = z.infer<typeof Schedule>;

/** All copies between one pair of places. */
const CopyPair = z.strictObject({
  source: z.string(),
  destination: z.string(),
  path: z.enum(['nvlink', 'pcie', 'staged', 'unknown']),
  why: z.string().describe('how the path was judged'),
  count,
  bytes: z.number(),
  gbps: z.number().nullable().describe('gigabytes a second, median of copies of a MiB or more'),
  median_us: us,
  hidden_share: share.nullable(),
  staged_lost_ms: ms.nullable().optional().describe('beyond what direct copies would have taken; null where none was staged'),
  staged_against: z.string().nullable().optional().describe('what the staged copies were compared with'),
});

const Comparison = z.strictObject({
  before: z.string(),
  after: z.string(),
  speedup: z.number().describe('time of an iteration before / after'),
  speedup_ci: z.tuple([z.number(), z.number()]).nullable(),
  bubble_share: z.tuple([share, share]),
  exposed_communication_ms: z.tuple([ms, ms]),
  peak_microbatches: z.tuple([count, count]),
  /** What else differs, and so spoils the comparison. */
  differences: z.array(z.string()),
});

/** What the report puts that time down to: hand-offs with the wait for them, late launches whose thread is known, operations longer than usual; else it is unexplained. */
export const REASONS = ['stage-imbalance', 'staged', 'exposed-copy', 'launch-starvation', 'straggling', 'unexplained'] as const;

export const Pipeline = z.strictObject({
  /** How operations were found: by names, or by copies and kernel groups; and how sure that is. */
  source: z.string(),
  answer: z.string(),
  schedules: z.array(Schedule),
  beyond_theory: z
    .array(z.strictObject({ why: z.enum(REASONS), ms, share }))
    .describe('device time beyond theory by reason, all schedules and iterations together, the largest first; each share is of their sum'),
  copies: z.array(CopyPair),
  nvlink_share: share.nullable().describe('of its peak, from the GPU metrics where they were recorded'),
  comparison: z.array(Comparison),
  cannot_tell: z.array(z.string()),
});
export type Pipeline = z.infer<typeof Pipeline>;
