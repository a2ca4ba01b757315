import { z } from 'zod';
import { ClockPair } from './clock-pair.ts';

const count = z.number().int().nonnegative();
const ms = z.number().nonnegative().nullable().describe('milliseconds');

/** What one sampler brought home. */
export const SamplerSummary = z.strictObject({
  sampler: z.enum(['gpu', 'nvlink', 'xid', 'host', 'disks', 'paging', 'iostat']),
  file: z.string().nullable().describe('name in the folder; null when nothing was written'),
  samples: count.describe('lines of the file, its header left out: one for each GPU, link or error where there are several'),
  interval_asked_ms: ms.describe('milliseconds; null for what is written when it happens'),
  interval_median_ms: ms.describe('milliseconds between two samples of the same thing; null where there are not two'),
  start: ClockPair,
  end: ClockPair,
  zone_hours: z.number().nullable().describe('offset from UTC of stamps that name no zone; null for stamps that count from 1970'),
  missing: z.array(z.string()).describe('one sentence each: what could not be recorded, and why'),
});
export type SamplerSummary = z.infer<typeof SamplerSummary>;

/** monitor.json: what `forensics monitor` wrote beside it, and what is missing there. It is written last. */
export const Monitor = z.strictObject({
  schema: z.literal('forensics.monitor/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  ended_by: z.string().describe('duration, a signal, or failure when no sampler was left'),
  start: ClockPair,
  end: ClockPair,
  samplers: z.array(SamplerSummary),
});
export type Monitor = z.infer<typeof Monitor>;
