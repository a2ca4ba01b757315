import { z } from 'zod';
import { EpochNs } from './relation.ts';

const Value = z.union([z.string(), z.number(), z.boolean()]).nullable();

/** One thing that is not as it was. */
export const DriftItem = z.strictObject({
  kind: z.string().describe('what changed, in a word: gpu-lost, fewer-links, power-limit and the like'),
  severity: z.enum(['high', 'medium', 'low', 'info']),
  entity: z.string(),
  name: z.string(),
  before: Value.describe('null where it was not there'),
  now: Value.describe('null where it is gone'),
  unit: z.string(),
  text: z.string().describe('the change in a sentence'),
});
export type DriftItem = z.infer<typeof DriftItem>;

/** What forensics snapshot --diff --json prints: how a machine differs from an earlier snapshot of it, the worst first. */
export const Drift = z.strictObject({
  schema: z.literal('forensics.drift/1'),
  answer: z.string(),
  before_ns: EpochNs.nullable(),
  now_ns: EpochNs.nullable(),
  items: z.array(DriftItem),
  not_compared: z.array(z.string()).describe('what only one of the two snapshots tells, in sentences'),
});
export type Drift = z.infer<typeof Drift>;
