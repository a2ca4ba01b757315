import { ms, named, run, writing } from '#test/valid-rows';

const FIELDS = ['gpus', 'completed', 'duration_s', 'requests_per_s', 'output_tokens_per_s', 'total_tokens_per_s'] as const;
const NAMES = { mean: 'average', min: 'minimum', max: 'maximum' } as const;
const nameOf = (statistic: string | number) =>
  typeof statistic === 'number' ? `p${statistic * 100}` : statistic === 'min' || statistic === 'max' ? NAMES[statistic] : NAMES.mean;

export default writing(
  run(FIELDS, ['e2e', 'ttft', 'tpot'], ['mean', 'min', 0.5, 0.99, 'max']).map(one => [one]),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          engine: { model: 'm/small', version: '1.0.0', backend: 'Pytorch', dtype: 'bfloat16' },
          world_info: { tp_size: one.gpus, pp_size: 1, world_size: one.gpus },
          request_info: { num_requests: one.completed, avg_num_concurrent_requests: 256.5 },
          performance: {
            ...{
              total_latency_ms: one.duration_s * 1000,
              avg_request_latency_ms: ms(one, 'e2e', 'mean'),
              request_throughput_req_s: one.requests_per_s,
            },
            ...{ system_output_throughput_tok_s: one.output_tokens_per_s, system_total_throughput_tok_s: one.total_tokens_per_s },
            request_latency_percentiles_ms: named(one, 'e2e', nameOf),
          },
          streaming_metrics: {
            ...{ avg_ttft_ms: ms(one, 'ttft', 'mean'), avg_tpot_ms: ms(one, 'tpot', 'mean') },
            ...{ ttft_percentiles: named(one, 'ttft', nameOf), tpot_percentiles: named(one, 'tpot', nameOf) },
          },
        }),
);
