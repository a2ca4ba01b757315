import { z } from 'zod';
import { Finding } from './report.ts';

const count = z.number().int().nonnegative();
const pct = z.number().nullable().describe('0 to 100; null where the driver does not tell');
const mib = z.number().nullable().describe('MiB; null where the driver does not tell');

/** What is looked at, in the order of the multi-GPU guide. */
const CHECKS = ['hardware', 'tensor-parallel', 'memory', 'nccl', 'throughput', 'activity', 'configuration'] as const;
export const Check = z.enum(CHECKS);
export type Check = z.infer<typeof Check>;

export const CheckVerdict = z.enum(['pass', 'warn', 'fail', 'cannot-tell']);
export type CheckVerdict = z.infer<typeof CheckVerdict>;

/** Requests of one length of prompt, and what came of them. */
export const CheckupLoad = z.strictObject({
  prompt_tokens: count,
  output_tokens: count.describe('asked for in each answer'),
  seconds: z.number(),
  ok: count,
  failed: count.describe('or unfinished'),
  failures: z.record(z.string(), count).describe('why requests failed, and how many for that reason'),
  tokens_per_s: z.number().nullable().describe('output tokens that came in this time; null where none were counted'),
  ttft_p50_ms: z.number().nullable(),
  tpot_p50_ms: z.number().nullable(),
});
export type CheckupLoad = z.infer<typeof CheckupLoad>;

/** What `forensics doctor --quick` and `--full` saw of a server and its GPUs. It names no host. */
export const Checkup = z.strictObject({
  schema: z.literal('forensics.checkup/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  kind: z.enum(['quick', 'full']),
  asked: z.enum(['here', 'ssh']),
  answer: z.string(),
  checks: z.array(z.strictObject({ check: Check, verdict: CheckVerdict, detail: z.string() })),
  gpus: z.array(
    z.strictObject({
      gpu: count,
      name: z.string().nullable(),
      memory_used_mib: mib.describe('median'),
      memory_total_mib: mib,
      utilization_pct: pct.describe('mean while requests were in flight, or of all readings where none were sent'),
      readings: count,
    }),
  ),
  utilization: z
    .array(z.strictObject({ time: z.string().describe('of the machine, UTC'), gpus: z.array(z.strictObject({ gpu: count, pct })) }))
    .describe('once a second'),
  model: z.string().nullable(),
  concurrency: count.nullable().describe('requests in flight; null where none were sent'),
  loads: z.array(CheckupLoad),
  expected: z
    .strictObject({ tokens_per_s: z.number(), from: z.string(), doubts: z.array(z.string()).describe('where that contradicts itself') })
    .nullable(),
  findings: z.array(Finding),
  cannot_tell: z.array(z.string()),
});
export type Checkup = z.infer<typeof Checkup>;
