import { z } from 'zod';
import { Finding } from './report.ts';

const text = z.string().nullable();
const gbPerS = z.number().nonnegative().nullable();

/** What NVLink reaches between the GPUs, as far as tests of it were read. */
const NvlinkHealth = z.strictObject({
  mean_p2p_gb_per_s: gbPerS.describe('over pairs and directions, each by its best size, one way'),
  peak_p2p_gb_per_s: gbPerS,
  all_reduce_gb_per_s: gbPerS.describe('highest bus bandwidth'),
  nvls: z.boolean().nullable().describe('whether the switch added up, as NCCL’s log says'),
  topology: text,
});
export type NvlinkHealth = z.infer<typeof NvlinkHealth>;

/** A machine as the rules judge it. */
export const Health = z.strictObject({
  schema: z.literal('forensics.health/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  answer: z.string(),
  machine: z.strictObject({ gpus: z.number().int().nonnegative(), model: text, driver: text, cuda: text }),
  sources: z.array(z.string()).describe('commands that were asked, or files that were read'),
  findings: z.array(Finding),
  judged: z.array(z.string()).describe('rules that were told enough'),
  not_judged: z.array(z.strictObject({ rule: z.string(), title: z.string(), needs: z.string() })),
  nvlink: NvlinkHealth.nullable().describe('null where neither a test nor the topology was read'),
  notes: z.array(z.string()).describe('what was odd in a source, or passed over'),
});
export type Health = z.infer<typeof Health>;
