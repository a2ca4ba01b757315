import { jsonl, named, run, writing } from '#test/valid-rows';

const FIELDS = [
  'requested_rate',
  'concurrency',
  'completed',
  'duration_s',
  'input_tokens',
  'output_tokens',
  'requests_per_s',
  'output_tokens_per_s',
] as const;
const METRICS = { e2e_latency: 'e2e', ttft: 'ttft', tpot: 'tpot', itl: 'itl' } as const;

export default writing(
  run(FIELDS, Object.values(METRICS), ['mean', 'std', 0.5, 0.99]).map(one => [one]),
  runs =>
    jsonl(
      runs.map(one => ({
        ...{
          backend: 'sglang',
          dataset_name: 'random',
          request_rate: one.requested_rate,
          max_concurrency: one.concurrency,
          duration: one.duration_s,
        },
        ...{ completed: one.completed, total_input_tokens: one.input_tokens, total_output_tokens: one.output_tokens },
        ...{
          total_output_tokens_retokenized: one.output_tokens,
          request_throughput: one.requests_per_s,
          output_throughput: one.output_tokens_per_s,
        },
        ...Object.assign(
          {},
          ...Object.entries(METRICS).map(([name, metric]) =>
            named(one, metric, s => `${s === 0.5 ? 'median' : s === 0.99 ? 'p99' : s}_${name}_ms`),
          ),
        ),
        accept_length: null,
      })),
    ),
);
