import { named, run, writing } from '#test/valid-rows';

const METRICS = { ttft_s: 'ttft', end_to_end_latency_s: 'e2e' } as const;
const nameOf = (statistic: string | number) =>
  typeof statistic === 'number' ? `quantiles_p${statistic * 100}` : statistic === 'std' ? 'stddev' : statistic;

/** Latencies in seconds. */
export default writing(
  run(['concurrency', 'completed', 'failed', 'output_tokens_per_s'], Object.values(METRICS), ['mean', 'std', 'min', 0.5, 0.99, 'max']).map(
    one => [one],
  ),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          ...{ version: '2023-08-31', name: 'm-small_100_20_summary', model: 'm/small', num_concurrent_requests: one.concurrency },
          ...Object.assign(
            {},
            ...Object.entries(METRICS).map(([name, metric]) => named(one, metric, s => `results_${name}_${nameOf(s)}`, 1e-3)),
          ),
          ...{ results_num_requests_started: one.completed + one.failed, results_number_errors: one.failed },
          ...{ results_mean_output_throughput_token_per_s: one.output_tokens_per_s, results_num_completed_requests: one.completed },
          timestamp: 1795342500,
        }),
);
