import { z } from 'zod';

const amount = z.number().nonnegative().nullish();
const text = z.string().nullish();

const Setup = {
  hw: text,
  model: text,
  framework: text,
  precision: text,
  conc: amount,
  disagg: z.boolean().nullish(),
  is_multinode: z.boolean().nullish(),
  tp: amount,
  pp: amount,
};

/** Fixed lengths: figures stand at the top, as mean_ttft, p99.9_e2el. */
export const Flat = z.looseObject({
  ...Setup,
  tput_per_gpu: z.number().nonnegative(),
  output_tput_per_gpu: amount,
});
export type Flat = z.infer<typeof Flat>;

const Statistics = z.record(z.string(), z.number().nullish());
/** Agentic scenarios: the same, nested, with the counts of requests. */
export const Agentic = z.object({
  ...Setup,
  num_requests_successful: z.int().nonnegative(),
  request_accounting: z.object({ records_error_dropped: amount }).nullish(),
  request_metrics: z.looseObject({
    qps: z.looseObject({ mean: amount }).nullish(),
    latency: z.record(z.string(), Statistics),
    throughput: z
      .object({
        output: z.object({ tokens_per_second: amount }).nullish(),
        total: z.object({ tokens_per_second: amount }).nullish(),
        duration_seconds: amount,
      })
      .nullish(),
  }),
});
export type Agentic = z.infer<typeof Agentic>;
