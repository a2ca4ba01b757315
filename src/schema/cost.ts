import { z } from 'zod';

const price = z.number().nonnegative();
const dollars = z.number().nonnegative().describe('US dollars');

/** A file of what others ask for tokens: `--api-prices`. */
export const ApiPrices = z.strictObject({
  schema: z.literal('forensics.api-prices/1'),
  as_of: z.string().optional().describe('when these prices held, as 2026-12-01'),
  models: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        input_usd_per_million: price.optional().describe('of a million prompt tokens; 0 where it is not said'),
        output_usd_per_million: price.describe('of a million tokens of answers'),
      }),
    )
    .min(1),
});
export type ApiPrices = z.infer<typeof ApiPrices>;

/** What the same tokens cost at an API. */
const AgainstApi = z.strictObject({
  name: z.string(),
  usd_per_million_tokens: dollars.describe('of a million tokens of answers, with the prompts that go with them where these are known'),
  with_prompts: z.boolean(),
  own_share: z.number().nullable().describe('own cost over that of the API; null where that is free'),
});
export type AgainstApi = z.infer<typeof AgainstApi>;

/** Why a run has no cost. */
const NO_COST = ['no-price', 'no-tokens', 'no-power', 'no-gpus'] as const;
export const NoCost = z.enum(NO_COST);
export type NoCost = z.infer<typeof NoCost>;

/** What one load of one run costs, at full use. */
export const CostRow = z.strictObject({
  run: z.string(),
  setting: z.string().describe("which load of the run, as 'concurrency 16'; '' where there is one"),
  tokens_per_s: z.number().nullable().describe('tokens of answers'),
  mean_w: z.number().nullable(),
  gpus: z.int().positive().nullable(),
  cost: z
    .strictObject({
      usd_per_token: dollars,
      usd_per_million_tokens: dollars,
      gpu_usd: dollars.describe('part of a million tokens that is for GPU-hours'),
      electricity_usd: dollars.describe('part of it that is for electricity'),
      tokens_per_usd: z.number().nullable().describe('null where nothing is paid'),
      usd_per_hour: dollars,
      usd_per_year: dollars.describe('of 8,760 hours'),
    })
    .nullable(),
  api: z.array(AgainstApi),
  why: NoCost.nullable(),
  reason: z.string().describe("why there is no cost, in words; '' where there is one"),
});
export type CostRow = z.infer<typeof CostRow>;

/** cost_metrics.json: what tokens cost. */
export const Cost = z.strictObject({
  schema: z.literal('forensics.cost/1'),
  answer: z.string(),
  prices: z.strictObject({
    kwh_usd: price.nullable(),
    pue: z.number().min(1).describe('power usage effectiveness: what the building draws for each watt of the machine'),
    gpu_hour_usd: price.nullable(),
  }),
  api_prices_as_of: z.string().nullable(),
  rows: z.array(CostRow).min(1),
  notes: z.array(z.string()),
});
export type Cost = z.infer<typeof Cost>;
