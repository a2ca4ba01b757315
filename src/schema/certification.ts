import { z } from 'zod';
import { MEASURED } from './measurement.ts';

const share = z.number().nonnegative().describe('1 is the whole');
const count = z.int().nonnegative();

/** What was judged: nothing wrong, worth a look, not as it should be, or not to be judged. */
const VERDICTS = ['pass', 'warn', 'fail', 'not-judged'] as const;
export const CertVerdict = z.enum(VERDICTS);
export type CertVerdict = z.infer<typeof CertVerdict>;

/** One thing that a machine reached, beside what its maker publishes. */
export const CertifiedFigure = z.strictObject({
  what: z.enum(MEASURED),
  test: z.string(),
  subject: z.string().describe('which GPU or pair; "all" for several together'),
  precision: z.string().nullable(),
  bytes: z.number().nullable().describe('of the message that reached it'),
  value: z.number(),
  unit: z.string(),
  peak: z.number().nullable().describe('published, dense, in the same unit; null where there is none'),
  peak_source: z.string().nullable(),
  share: share.nullable().describe('value over peak'),
  verdict: CertVerdict,
  reason: z.string(),
});
export type CertifiedFigure = z.infer<typeof CertifiedFigure>;

/** Where latency ends and bandwidth begins: time = latency + bytes / bandwidth (Hockney 1994). */
export const Knee = z.strictObject({
  what: z.enum(MEASURED),
  test: z.string(),
  subject: z.string(),
  latency_us: z.number(),
  bandwidth_gb_s: z.number(),
  half_bytes: z.number().describe('messages of this size reach half of the bandwidth'),
  half_bytes_ci: z.tuple([z.number(), z.number()]).nullable().describe('95 %, by leaving out one size after the other'),
  sizes: count,
});
export type Knee = z.infer<typeof Knee>;

export const Odd = z.strictObject({
  what: z.enum(MEASURED),
  test: z.string(),
  subject: z.string(),
  precision: z.string().nullable(),
  value: z.number(),
  unit: z.string(),
  median: z.number().describe('of its peers; of the others where they are fewer than five'),
  behind: share.describe('below the median'),
  peers: count.describe('that were compared, itself among them'),
  sigmas: z.number().nullable().describe('robust standard deviations below the median; null with fewer than five peers'),
  verdict: CertVerdict,
  reason: z.string(),
});
export type Odd = z.infer<typeof Odd>;

export const FailedCheck = z.strictObject({ test: z.string(), subject: z.string(), detail: z.string() });
export type FailedCheck = z.infer<typeof FailedCheck>;

export const GpuState = z.strictObject({
  gpu: count,
  sm_clock_mhz: z.tuple([z.number(), z.number()]).nullable().describe('least and most while the GPU was at work'),
  temperature_c: z.number().nullable().describe('most'),
  power_w: z.number().nullable().describe('most'),
  reasons: z.array(z.string()).describe('why clocks were lowered'),
});
export type GpuState = z.infer<typeof GpuState>;

export const Earlier = z.strictObject({
  what: z.enum(MEASURED),
  test: z.string(),
  subject: z.string(),
  precision: z.string().nullable(),
  value: z.number(),
  unit: z.string(),
  runs: count.describe('earlier runs that measured it'),
  median: z.number(),
  change: z.number().describe('value over the median, less 1'),
  verdict: CertVerdict,
  reason: z.string(),
});
export type Earlier = z.infer<typeof Earlier>;

/** certification.json: what a machine reached against what its maker publishes, its peers, and its own history. */
export const Certification = z.strictObject({
  schema: z.literal('forensics.certification/1'),
  verdict: CertVerdict,
  answer: z.string(),
  gpu_model: z.string().nullable(),
  inputs: z.array(z.strictObject({ path: z.string(), format: z.string(), sha256: z.string() })),
  figures: z.array(CertifiedFigure),
  knees: z.array(Knee),
  odd: z.array(Odd),
  failed_checks: z.array(FailedCheck),
  checks_passed: count,
  state: z.array(GpuState),
  history: z.array(Earlier),
  cannot_tell: z.array(z.string()),
});
export type Certification = z.infer<typeof Certification>;
