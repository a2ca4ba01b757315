import { lined, named, run, writing } from '#test/valid-rows';

const NS_PER_MS = 1e6;
const shares = (statistic: string | number) => (typeof statistic === 'number' ? `${(statistic * 100).toFixed(2)}_percentile` : statistic);

/** mlperf_log_detail.txt of the Server scenario, latencies in ns. */
export default writing(
  run(
    ['requested_rate', 'sent', 'completed', 'requests_per_s', 'output_tokens_per_s'],
    ['e2e', 'ttft'],
    ['min', 'mean', 0.5, 0.99, 'max'],
  ).map(one => [{ ...one, start_ms: 0, end_ms: 60_250 }]),
  ([one]) => {
    if (one === undefined) return '';
    const entries = {
      loadgen_version: '4.1',
      effective_scenario: 'Server',
      effective_target_qps: one.requested_rate,
      generated_query_count: one.sent,
      power_begin: '11-22-2026 10:15:00.000',
      power_end: '11-22-2026 10:16:00.250',
      result_validity: 'VALID',
      result_query_count: one.completed,
      result_completed_samples_per_sec: one.requests_per_s,
      ...named(one, 'e2e', s => `result_${shares(s)}_latency_ns`, NS_PER_MS),
      ...named(one, 'ttft', s => `result_first_token_${shares(s)}_latency_ns`, NS_PER_MS),
      result_completed_tokens_per_second: one.output_tokens_per_s,
    };
    const rest = {
      time_ms: 0,
      namespace: 'mlperf::logging',
      event_type: 'POINT_IN_TIME',
      metadata: { is_error: false, is_warning: false, file: 'results.cc' },
    };
    return lined(Object.entries(entries).map(([key, value]) => `:::MLLOG ${JSON.stringify({ key, value, ...rest })}`));
  },
);
