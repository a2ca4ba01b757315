import { z } from 'zod';

/** A length of time: seconds, or text with a unit. */
const time = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(?:\.\d+)?\s*(?:ms|s|m|min|h)?$/)])
  .describe('seconds, or with a unit: 90s, 5m, 1h');
const url = z.string().regex(/^https?:\/\//, 'an address begins with http:// or https://');
const price = z.number().nonnegative().describe('US dollars');
const words = z.array(z.string()).min(1).describe('a program and its words; no shell reads them');

const Server = z.strictObject({
  command: words,
  ready: url.optional().describe('answers with a status below 400 once the server can be asked; /health of the first URL otherwise'),
  ready_within: time.default('10m').describe('how long the server may take until it answers'),
  stop_within: time.default('30s').describe('how long it may take to end when asked; then it is killed'),
  env: z.record(z.string(), z.string()).default({}).describe('variables of the server, beside those of this process'),
});

const Load = z.strictObject({
  urls: z.array(url).min(1).max(64).describe('endpoints, as of forensics load; requests go to several in turn'),
  model: z.string().optional(),
  rate: z.number().positive().optional().describe('requests a second: an open loop'),
  arrivals: z.string().default('poisson').describe('as --arrivals of forensics load'),
  concurrency: z.string().optional().describe('a closed loop: 16, or 1,2,4,8 one after the other'),
  sweep: z.string().optional().describe('a closed loop: powers of two, as 1-64'),
  duration: time.default('30s').describe('of a load, and of each stage of a closed loop'),
  warm_up: time.default(0).describe('before what is measured'),
  prompt_tokens: z.union([z.number(), z.string()]).optional().describe('as --prompt-tokens of forensics load'),
  output_tokens: z.union([z.number(), z.string()]).optional(),
  ignore_eos: z.boolean().default(true),
  extra: z.record(z.string(), z.unknown()).default({}).describe('further fields of each body, as temperature'),
  api_key_env: z.string().optional().describe('the variable that holds the key'),
  seed: z.number().int().nonnegative().default(1),
  timeout: time.default('10m'),
  drain: time.default('60s'),
  repeat: z.number().int().min(1).max(50).default(1).describe('runs of this load; three to five let a comparison judge'),
});

const Capture = z.strictObject({
  delay: time.default('10s').describe('from the server’s first answer to the window, under the same load'),
  duration: time.default('30s').describe('length of the window'),
  preset: z.enum(['serving', 'training', 'pipeline', 'multi-rank']).default('serving'),
  nsys: z.array(z.string()).default([]).describe('further words for nsys'),
});

/** plan.yaml: what `forensics run` does, from a look at the machine to a report card. */
export const Plan = z.strictObject({
  schema: z.literal('forensics.plan/1').default('forensics.plan/1'),
  name: z
    .string()
    .regex(/^[\w][\w.-]{0,59}$/)
    .default('run')
    .describe('letters, digits, points and dashes; the card is called after it'),
  expect: z.string().optional().describe('GPUs that must be there, as 8xB200 or 2xH200 NVL'),
  stop_at: z
    .enum(['high', 'medium', 'low', 'never'])
    .default('high')
    .describe('how grave a fault of the machine keeps the run from measuring'),
  physics: z.boolean().default(false).describe('measure products, copies and collectives first (workloads/phys.py, minutes)'),
  server: Server.optional().describe('what is started, and ended with the run; without it one that runs already is asked'),
  load: Load.optional().describe('without it nothing is measured but the machine'),
  samplers: z
    .strictObject({
      gpu: z.union([time, z.literal(false)]).default('100ms'),
      host: z.union([time, z.literal(false)]).default('100ms'),
    })
    .prefault({})
    .describe('time between samples; false: none'),
  capture: Capture.optional().describe('one more run of the server under Nsight Systems; no figure of the card is from it'),
  cost: z
    .strictObject({
      kwh_usd: price.optional(),
      gpu_hour_usd: price.optional(),
      pue: z.number().min(1).default(1),
      api_prices: z.string().optional().describe('a file of forensics.api-prices/1, beside the plan or by its whole path'),
    })
    .prefault({})
    .describe('prices; without one there is no cost'),
  targets: z.string().optional().describe('a file of forensics.targets/1, beside the plan or by its whole path'),
  baseline: z.array(z.string()).default([]).describe('runs to compare with, or baseline:NAME'),
  attempts: z.number().int().min(1).max(10).default(2).describe('how often a step is tried'),
});
export type Plan = z.infer<typeof Plan>;
