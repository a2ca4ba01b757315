import { z } from 'zod';
import { ClockPair } from './clock-pair.ts';
import { EpochNs } from './relation.ts';

const count = z.number().int().nonnegative();
const ms = z.number().describe('milliseconds');

/** One latency, exact: of all answers that came whole, sorted. */
export const LoadLatency = z.strictObject({
  metric: z
    .enum(['ttft', 'e2e', 'tpot', 'itl', 'e2e_or_abandoned'])
    .describe('e2e_or_abandoned: abandoned requests count with the time after which they were given up, so that it is a lower bound'),
  from: z.enum(['intended', 'send', 'token']).describe('where it begins: the intended start, the actual send, or the token before'),
  n: count,
  mean_ms: ms,
  p50_ms: ms,
  p90_ms: ms,
  p95_ms: ms,
  p99_ms: ms,
  p99_ci_ms: z
    .tuple([z.number(), z.number().nullable()])
    .nullable()
    .describe('95 % interval of p99 (binomial); null at the upper end: too few values for one; null: values are not independent'),
  max_ms: ms,
});
export type LoadLatency = z.infer<typeof LoadLatency>;

const Delay = z.strictObject({ p50_ms: ms, p99_ms: ms, max_ms: ms });

/** Requests of one rate, or of one concurrency. */
export const LoadStage = z.strictObject({
  concurrency: count.nullable().describe('null for an open loop'),
  start_ns: EpochNs.describe('beginning of the measured window; what was sent before is warm-up'),
  end_ns: EpochNs,
  requests: z
    .strictObject({
      intended: count.nullable().describe('due in the window by the schedule, or until the run was stopped; null in a closed loop'),
      sent: count,
      ok: count,
      failed: count,
      unfinished: count,
      never_sent: count.describe('due, but not sent when the run was stopped'),
    })
    .describe('of the measured window; sent = ok + failed + unfinished'),
  failures: z.record(z.string(), count),
  abandoned: z.record(z.string(), count).describe('why requests are unfinished'),
  warm_up_requests: count,
  completed_in_window: count
    .optional()
    .describe('answers that came whole in the window, whenever they were asked for; not told by earlier versions'),
  completed_per_s: z.number().describe('completed_in_window over the length of the window'),
  prompt_tokens: count.nullable().describe('of answers that came whole'),
  output_tokens: count.nullable(),
  output_tokens_in_window: z.number().nullable().optional().describe('tokens received in the window; not told by earlier versions'),
  output_tokens_per_s: z.number().nullable().describe('output_tokens_in_window over the length of the window'),
  tokens_counted_from: z.record(z.enum(['usage', 'chunks']), count).describe('answers by what their tokens were counted from'),
  schedule: z
    .strictObject({
      kept: z.boolean(),
      why: z.string().nullable(),
      start_delay: Delay.describe('actual send − intended start'),
      generator_delay: Delay.describe('the part of it before the request was handed to a connection: ours'),
      connection_delay: Delay.describe('the part of it after: connecting'),
    })
    .nullable()
    .describe('null in a closed loop'),
  latencies: z.array(LoadLatency),
  replicas: z
    .array(z.strictObject({ url: z.string(), sent: count, ok: count, e2e_p50_ms: ms.nullable(), e2e_p99_ms: ms.nullable() }))
    .optional()
    .describe('where requests went to several servers in turn: what became of those of each; e2e from the intended start, or the send'),
  littles_law: z
    .strictObject({
      mean_in_flight: z.number().describe('counted by the generators as requests come and go'),
      rate_times_latency: z.number().describe('requests per second × mean time from hand-over to end, of what was recorded'),
      holds: z.boolean().describe('the two agree within 2 %: nothing was lost or counted twice'),
    })
    .nullable(),
});
export type LoadStage = z.infer<typeof LoadStage>;

/** load.json: how `forensics load` sent, and what came of it. It is written last. */
export const Load = z.strictObject({
  schema: z.literal('forensics.load/1'),
  tool: z.strictObject({ name: z.literal('forensics'), version: z.string() }),
  url: z.string().describe('without user, password and query; of several the first'),
  api: z.enum(['completions', 'chat', 'triton', 'http']),
  model: z.string().nullable(),
  loop: z.enum(['open', 'closed']),
  arrivals: z.string().nullable().describe('as asked for; null in a closed loop'),
  rate_per_s: z.number().nullable(),
  duration_s: z.number().nullable().describe('null where only --requests ends the run'),
  warm_up_s: z.number().nonnegative(),
  prompt_tokens: z.string().nullable().describe('null for plain HTTP, and where the text of a file was each prompt'),
  output_tokens: z.string().nullable(),
  adapters: z
    .strictObject({
      names: count.describe('adapters that may be asked for'),
      session: z.enum(['random', 'sticky', 'in-turn']),
      sessions: count.describe('users of an open loop; in a closed loop each place in flight is one'),
      field: z.string().describe('of the body'),
    })
    .nullable()
    .optional()
    .describe('null: none were asked for; not told by earlier versions'),
  nonce: z.boolean().optional().describe('each prompt began with words that no other begins with; not told by earlier versions'),
  seed: z.number().int(),
  generators: z.number().int().positive(),
  timeout_s: z.number(),
  ignore_eos: z.boolean(),
  include_usage: z.boolean(),
  ended_by: z.string().describe('schedule, or a signal'),
  start: ClockPair,
  end: ClockPair,
  stages: z.array(LoadStage),
  warnings: z.array(z.string()).describe('one sentence each: what a reader of the numbers must know'),
});
export type Load = z.infer<typeof Load>;
