import { z } from 'zod';
import { UNTOLD } from '#input/series/summary-series';
import type { RunSummary } from '#schema/relation';
import { servingFigures } from './serving-figures.ts';

const amount = z.number().nonnegative().nullish();

/** One run of vllm bench sweep: the result of vllm bench serve, with the number of the run and what was varied beside it. */
export const ServingRun = z.looseObject({
  model_id: z.string().nullish(),
  run_number: z.int().nonnegative().nullish(),
  num_prompts: amount,
  /** Python writes "inf" where all requests are released at once. */
  request_rate: z.union([z.number().nonnegative(), z.string().regex(/^inf/i)]).nullish(),
  max_concurrency: amount,
  duration: amount,
  completed: z.int().nonnegative(),
  failed: amount,
  total_input_tokens: amount,
  total_output_tokens: amount,
  request_throughput: amount,
  output_throughput: amount,
  total_token_throughput: amount,
});
export type ServingRun = z.infer<typeof ServingRun>;

export const servingRunOf = (run: ServingRun): RunSummary => {
  const rate = typeof run.request_rate === 'number' ? run.request_rate : null;
  const parts = [
    rate === null ? 'rate inf' : `rate ${rate}`,
    typeof run.max_concurrency === 'number' ? `concurrency ${run.max_concurrency}` : '',
    typeof run.run_number === 'number' ? `run ${run.run_number}` : '',
  ];
  return {
    ...UNTOLD,
    label: parts.filter(part => part !== '').join(', '),
    model: run.model_id ?? null,
    duration_s: run.duration ?? null,
    requested_rate: rate,
    concurrency: run.max_concurrency ?? null,
    sent: run.num_prompts ?? null,
    completed: run.completed,
    failed: run.failed ?? null,
    input_tokens: run.total_input_tokens ?? null,
    output_tokens: run.total_output_tokens ?? null,
    requests_per_s: run.request_throughput ?? null,
    output_tokens_per_s: run.output_throughput ?? null,
    total_tokens_per_s: run.total_token_throughput ?? null,
    latency: servingFigures(run, run.completed),
  };
};

/** The fewest requests of any run. */
export const fewestOf = (runs: readonly ServingRun[]): number =>
  runs.reduce((least, { completed }) => Math.min(least, completed), Number.POSITIVE_INFINITY);
