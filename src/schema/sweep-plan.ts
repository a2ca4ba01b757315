import { z } from 'zod';

const positive = z.number().positive();
const seconds = z.number().nonnegative();

/** sweep-plan.json: what `forensics sweep --plan` measures. */
export const SweepPlan = z
  .strictObject({
    schema: z.literal('forensics.sweep-plan/1'),
    url: z.string().min(1).describe('as that of forensics load'),
    over: z
      .string()
      .min(1)
      .describe(
        "what is varied: 'concurrency', 'rate', 'prompt tokens' or 'output tokens' of the load; any other is a setting of the server, by server.restart",
      ),
    values: z
      .array(z.union([z.number(), z.string().min(1)]))
      .min(2)
      .optional()
      .describe('the settings, in their order'),
    search: z
      .strictObject({
        from: positive,
        to: positive,
        within: positive.max(1).default(0.05).describe('how close to the highest setting that holds, as a share of it'),
      })
      .optional()
      .describe('in place of values: doubles from the first number until the objective fails, then halves the distance (on logarithms)'),
    repeats: z.int().min(1).max(100).default(3).describe('runs of each setting, the settings in turn'),
    slo: z.array(z.string()).default([]).describe("what must hold, as 'e2e p99 < 200'"),
    stop_at_failure: z
      .boolean()
      .default(false)
      .describe('no higher setting after one where the server does not come up, requests fail or lose their KV cache'),
    load: z
      .strictObject({
        concurrency: z.int().positive().optional().describe('closed loop'),
        rate: positive.optional().describe('open loop, requests a second'),
        arrivals: z.string().default('poisson').describe('as of forensics load, but trace: and ramp:'),
        duration_s: positive.default(30),
        warm_up_s: seconds.default(0),
        prompt_tokens: z.string().default('256').describe('as of forensics load: 256, lognormal:512,0.8'),
        output_tokens: z.string().default('128'),
        timeout_s: positive.default(600),
        drain_s: seconds.default(60),
        seed: z.int().nonnegative().default(1).describe('of the first run; the k-th has one that is k higher'),
        generators: z.int().positive().max(256).optional(),
      })
      .prefault({}),
    api: z.enum(['auto', 'completions', 'chat', 'http']).default('auto'),
    model: z.string().optional(),
    api_key_env: z.string().optional().describe('environment variable that holds the key; the key itself never stands in a plan'),
    ignore_eos: z.boolean().default(true),
    extra: z.record(z.string(), z.unknown()).optional().describe('further fields of each body'),
    server: z
      .strictObject({
        restart: z
          .array(z.string().min(1))
          .min(1)
          .describe('a program and its arguments, run to its end before each run of another setting; {value} stands for the setting'),
        ready_url: z.string().min(1).describe('answers with a status below 400 once the server is ready'),
        ready_within_s: positive.default(600),
      })
      .optional(),
  })
  .refine(plan => (plan.values === undefined) !== (plan.search === undefined), { message: 'a plan has values or a search, and not both' })
  .refine(plan => plan.search === undefined || plan.slo.length > 0, { message: 'a search needs an objective: slo' });
export type SweepPlan = z.infer<typeof SweepPlan>;
