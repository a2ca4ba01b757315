import { z } from 'zod';
import { CauseOrRest } from './causes.ts';

const ms = z.number().describe('milliseconds');
const count = z.number().int().nonnegative();

/** Something that a report says, and what it rests on: every need must be among the grounds that are there. */
export const Statement = z.strictObject({ about: z.string().describe("as 'finding host-bound'"), needs: z.array(z.string()) });
export type Statement = z.infer<typeof Statement>;

/** What statements rest on: a relation of the trace, a file beside it, or what was worked out from them. */
export const Ground = z.strictObject({
  need: z.string(),
  available: z.boolean(),
  why: z.string().describe("why it is not; '' where it is"),
});
export type Ground = z.infer<typeof Ground>;

const SummaryCause = z.strictObject({
  cause: CauseOrRest,
  excess_ms: ms,
  share: z.number().describe('of the delay of all slow requests; where no request was judged, of what the devices lost'),
  requests: count.nullable().describe('slow requests in whose delay it had a part; null where no request was judged'),
  when: z.string().describe('since the session began'),
  action: z.string().describe('what to do first'),
});

/** The answer in at most twelve lines, for who was woken up by it. No name of a kernel, stream or call. */
export const Summary = z.strictObject({
  title: z.string().describe('case, GPU model, process, time'),
  verdict: z.string(),
  healthy: z.boolean().describe('all was there to look with, and nothing held requests up'),
  causes: z.array(SummaryCause),
  others: count.describe('causes that are not in the list'),
  cannot_tell: z.array(z.string()),
});
export type Summary = z.infer<typeof Summary>;

const LANE_PARTS = ['work', 'launches', 'waiting', 'queued', 'copies', 'unknown'] as const;

/** Where the time of one process on one GPU went, over the window: the parts add up to it. */
export const LaneBooks = z.strictObject({
  process: count.describe('as the operating system numbers it'),
  device: z.string(),
  parts: z.array(
    z.strictObject({
      what: z
        .union([CauseOrRest, z.enum(LANE_PARTS)])
        .describe(
          "a cause; 'work'; 'launches': between one launch and the next; 'waiting': the launching thread sat where it sits without work, or may do; 'queued': launched and not begun; 'copies'; 'unknown': no launch is recorded",
        ),
      ms,
      share: z.number().describe('of the window'),
    }),
  ),
});
export type LaneBooks = z.infer<typeof LaneBooks>;
