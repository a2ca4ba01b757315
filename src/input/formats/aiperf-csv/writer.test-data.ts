import { lined, ms, run, writing } from '#test/valid-rows';

const LATENCIES = { 'Time To First Token': 'ttft', 'Request Latency': 'e2e', 'Inter Token Latency': 'tpot' } as const;
const STATISTICS = ['mean', 'min', 'max', 0.99, 0.5] as const;
/** Thousands are parted by commas inside quotes. */
const cell = (value: number) => {
  const text = value.toLocaleString('en-US', { maximumFractionDigits: 3 });
  return text.includes(',') ? `"${text}"` : text;
};

export default writing(
  run(['completed', 'requests_per_s', 'output_tokens_per_s'], Object.values(LATENCIES), STATISTICS).map(one => [one]),
  ([one]) =>
    one === undefined
      ? ''
      : lined([
          'Metric,avg,min,max,p99,p50',
          ...Object.entries(LATENCIES).map(([name, metric]) => `${name} (ms),${STATISTICS.map(s => cell(ms(one, metric, s)))}`),
          '',
          'Metric,Value',
          `Output Token Throughput (per sec),${cell(one.output_tokens_per_s)}`,
          `Request Throughput (per sec),${cell(one.requests_per_s)}`,
          `Request Count (count),${cell(one.completed)}`,
        ]),
);
