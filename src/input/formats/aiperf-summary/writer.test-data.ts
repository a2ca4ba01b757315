import { named, run, writing } from '#test/valid-rows';

const FIELDS = [
  'concurrency',
  'requested_rate',
  'duration_s',
  'completed',
  'failed',
  'input_tokens',
  'output_tokens',
  'requests_per_s',
  'output_tokens_per_s',
] as const;
const LATENCIES = { request_latency: 'e2e', time_to_first_token: 'ttft', inter_token_latency: 'tpot', inter_chunk_latency: 'itl' } as const;
const nameOf = (statistic: string | number) =>
  typeof statistic === 'number' ? `p${statistic * 100}` : statistic === 'mean' ? 'avg' : statistic;
const value = (avg: number, unit: string) => ({ unit, avg });

/** Schema 1.3, settings in `loadgen`. */
export default writing(
  run(FIELDS, Object.values(LATENCIES), ['mean', 'std', 'min', 0.5, 0.99, 'max']).map(one => [one]),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          schema_version: '1.3',
          request_throughput: value(one.requests_per_s, 'requests/sec'),
          ...Object.fromEntries(
            Object.entries(LATENCIES).map(([name, metric]) => [name, { unit: 'ms', ...named(one, metric, nameOf), count: one.completed }]),
          ),
          benchmark_duration: value(one.duration_s, 'sec'),
          request_count: value(one.completed, 'requests'),
          error_request_count: value(one.failed, 'requests'),
          total_isl: value(one.input_tokens, 'tokens'),
          total_osl: value(one.output_tokens, 'tokens'),
          output_token_throughput: value(one.output_tokens_per_s, 'tokens/sec'),
          input_config: {
            endpoint: { model_names: ['m/small'] },
            loadgen: { concurrency: one.concurrency, request_rate: one.requested_rate },
          },
        }),
);
