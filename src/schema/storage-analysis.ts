import { z } from 'zod';

const count = z.int().nonnegative();
const known = z.number().nullable();
const level = z.number().min(0).max(1);

export const STORAGE_VERDICTS = ['supported', 'refuted', 'inconclusive'] as const;
export const StorageVerdict = z.enum(STORAGE_VERDICTS);
export type StorageVerdict = z.infer<typeof StorageVerdict>;

/** Why a hypothesis has no verdict. */
export const StorageOpen = z.enum([
  'not-run',
  'few-runs',
  'few-levels',
  'no-telemetry',
  'no-change-of-cause',
  'lost-requests',
  'power',
  'least-level',
]);
export type StorageOpen = z.infer<typeof StorageOpen>;

const Figure = z.strictObject({
  what: z.string(),
  unit: z.string(),
  value: known,
  low: known.describe('lower end of its 95 % interval'),
  high: known,
  p: level.nullable().describe('one-sided, of this figure alone, not corrected; null for what is no test'),
});

/** What a chart is drawn from: the raw points, lines through them, and places on the x axis with their intervals. */
export const StoragePicture = z.strictObject({
  x: z.string(),
  arms: z.array(z.string()).nullable().describe('names of 0, 1 … on the x axis, where they stand for arms'),
  y: z.string(),
  points: z.array(z.strictObject({ run: z.string(), x: z.number(), y: z.number(), series: z.string() })),
  lines: z.array(z.strictObject({ series: z.string(), x: z.number(), y: z.number(), low: known, high: known })),
  marks: z.array(z.strictObject({ label: z.string(), x: z.number(), low: z.number(), high: z.number() })),
});
export type StoragePicture = z.infer<typeof StoragePicture>;

export const StorageHypothesisResult = z.strictObject({
  code: z.string().describe('H0 to H8'),
  id: z.string(),
  claim: z.string(),
  verdict: StorageVerdict,
  answer: z.string().describe('the verdict with its effect, in a sentence or two'),
  why: StorageOpen.nullable().describe('why there is no verdict'),
  test: z.string(),
  effect: z
    .strictObject({ what: z.string(), scale: z.enum(['ratio', 'correlation']), value: z.number(), low: known, high: known })
    .nullable()
    .describe('with its 95 % interval; null at an end: no bound; null: not examined'),
  margin: z.number().describe('the smallest effect that matters, on the same scale'),
  margin_reason: z.string(),
  p: level.nullable().describe('one-sided, of "it does not hold"; by Holm over all hypotheses of the model'),
  p_small: level.nullable().describe('one-sided, of "its effect is as large as the margin or larger"; by Holm'),
  equivalent: z.boolean().describe('the effect is shown to be within the margin on both sides: there is none worth the name'),
  power: level.nullable().describe('how often so many runs with such noise show an effect as large as the margin'),
  runs: count,
  tail: z.string().nullable().describe('the percentile that was judged: the highest that the requests of every run carry'),
  figures: z.array(Figure),
  reading: z.string(),
  picture: StoragePicture.nullable(),
});
export type StorageHypothesisResult = z.infer<typeof StorageHypothesisResult>;

/** A run that was judged; null for what was not told, never 0. */
export const StorageRunRow = z.strictObject({
  run: z.string(),
  hypothesis: z.string(),
  arm: z.string(),
  repeat: count,
  level: known,
  session: z.string().nullable(),
  answers: count,
  lost: count.describe('requests that failed or were given up: they count as slower than all others'),
  answers_per_s: z.number(),
  ttft_p50_ms: known,
  ttft_p99_ms: known.describe('null where fewer than a hundred requests carry it'),
  e2e_p50_ms: known,
  e2e_p99_ms: known,
  io_wait_pct: known,
  r_await_ms: known,
  rps_storage: known,
  read_mib_per_s: known,
  major_faults_per_s: known,
  swap_in_pages_per_s: known,
  psi_mem_some_pct: known,
  host_reads: known,
  read_bytes: known,
  adapter_accesses: count.nullable(),
});
export type StorageRunRow = z.infer<typeof StorageRunRow>;

/** What `forensics storage analyze` finds in the folder of an experiment. */
export const StorageAnalysis = z.strictObject({
  schema: z.literal('forensics.storage/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  answer: z.string(),
  experiment: z.strictObject({
    plan_sha256: z.string(),
    device: z.string().nullable(),
    ended_by: z.string().nullable().describe('done, interrupted; null where it runs or was killed'),
    steps: z.strictObject({ planned: count, judged: count }),
  }),
  models: z.array(
    z.strictObject({
      model: z.string(),
      answer: z.string(),
      hypotheses: z.array(StorageHypothesisResult),
      runs: z.array(StorageRunRow),
    }),
  ),
  left_out: z.array(z.strictObject({ run: z.string(), why: z.string() })).describe('steps that are planned and were not judged'),
  notes: z.array(z.string()).describe('what a reader of the verdicts must know'),
});
export type StorageAnalysis = z.infer<typeof StorageAnalysis>;
