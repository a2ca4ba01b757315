import { z } from 'zod';
import { CauseOrRest } from './causes.ts';

const ms = z.number().describe('milliseconds');
const share = z.number().describe('0 to 1');
const count = z.number().int().nonnegative();

const LateRank = z.strictObject({
  rank: z.string(),
  count: count.describe('collectives that it was last to enter by more than the noise'),
  wait_ms: ms.describe('that the others waited for it'),
  cause: CauseOrRest,
  why: z.string(),
  /** When the largest waits began, ms since the start of the window, and how long they were. */
  worst: z.array(z.strictObject({ start_ms: ms, wait_ms: ms, cause: CauseOrRest })),
});

export const Collectives = z.strictObject({
  answer: z.string(),
  matched_by: z.string(),
  ranks: z.array(z.string()),
  ops: count.describe('collectives; sends and receives between two ranks are no collectives: see point_to_point'),
  transfer_ms: ms.describe('the shortest participant of each, summed, a mean rank'),
  wait_ms: ms.describe('the rest of it, summed, a mean rank'),
  jitter_ms: ms.describe('the part of wait_ms that no late rank explains: scatter, and what follows from sends and receives before it'),
  point_to_point: z
    .strictObject({ ops: count, transfer_ms: ms, wait_ms: ms })
    .describe('sends and receives, a mean rank: their waiting follows from the order of the work, and nobody is called late for it'),
  exposed_share: share.describe('of the communication time, sends and receives too, with no compute beside it'),
  kinds: z.array(
    z.strictObject({
      name: z.string(),
      algorithm: z.string().nullable(),
      protocol: z.string().nullable(),
      point_to_point: z.boolean().describe('a send or receive, counted in point_to_point'),
      count,
      transfer_ms: ms,
      wait_ms: ms,
      bytes: z.number().nullable().describe('messages as NCCL was called with them, summed; null where a payload of any is missing'),
      algorithm_gbps: z
        .number()
        .nullable()
        .describe(
          'gigabytes a second over the transfer; of an all-gather or reduce-scatter the message is that of all ranks, as nccl-tests has it',
        ),
    }),
  ),
  per_rank: z.array(
    z.strictObject({
      rank: z.string(),
      device: z.string(),
      transfer_ms: ms,
      wait_ms: ms,
      jitter_ms: ms.describe('the part of its wait_ms that no late rank explains'),
      point_to_point_ms: ms.describe('in sends and receives'),
      late: count,
    }),
  ),
  late: z.array(LateRank),
  skew: z
    .array(z.strictObject({ report: z.string(), offset_ms: z.number(), residual_ms: ms }))
    .describe('of each report’s clock, where there are several'),
  environment: z.array(z.string()).describe('settings that slow communication down'),
  cannot_tell: z.array(z.string()),
});
export type Collectives = z.infer<typeof Collectives>;
