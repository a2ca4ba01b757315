import { ms, run, writing } from '#test/valid-rows';

const FIELDS = [
  'duration_s',
  'concurrency',
  'sent',
  'completed',
  'failed',
  'requests_per_s',
  'output_tokens_per_s',
  'total_tokens_per_s',
] as const;

/** benchmark_summary.json, times in seconds. */
export default writing(
  run(FIELDS, ['e2e', 'ttft', 'tpot', 'itl'], ['mean']).map(one => [one]),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          'Time taken for tests (s)': one.duration_s,
          'Number of concurrency': one.concurrency,
          'Total requests': one.sent,
          'Succeed requests': one.completed,
          'Failed requests': one.failed,
          'Output token throughput (tok/s)': one.output_tokens_per_s,
          'Total token throughput (tok/s)': one.total_tokens_per_s,
          'Request throughput (req/s)': one.requests_per_s,
          'Average latency (s)': ms(one, 'e2e', 'mean') / 1000,
          'Average time to first token (s)': ms(one, 'ttft', 'mean') / 1000,
          'Average time per output token (s)': ms(one, 'tpot', 'mean') / 1000,
          'Average inter-token latency (s)': ms(one, 'itl', 'mean') / 1000,
        }),
);
