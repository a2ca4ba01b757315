import { named, run, writing } from '#test/valid-rows';

const FIELDS = [
  'requested_rate',
  'concurrency',
  'sent',
  'completed',
  'duration_s',
  'input_tokens',
  'output_tokens',
  'requests_per_s',
  'output_tokens_per_s',
] as const;
const METRICS = { ttft: 'ttft', e2el: 'e2e', tpot: 'tpot' } as const;

/** Latencies in seconds. */
export default writing(
  run(FIELDS, Object.values(METRICS), [0.5, 0.99]).map(one => [one]),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          ...{
            date: '20261122-101500',
            model_id: 'm/small',
            tokenizer_id: 'm/small',
            num_prompts: one.sent,
            request_rate: one.requested_rate,
          },
          ...{
            burstiness: 1.0,
            max_concurrency: one.concurrency,
            duration: one.duration_s,
            completed: one.completed,
            good_completed: null,
          },
          ...{ total_input_tokens: one.input_tokens, total_output_tokens: one.output_tokens, request_throughput: one.requests_per_s },
          ...{ request_goodput: null, input_throughput: 5328.1, output_throughput: one.output_tokens_per_s },
          ...Object.assign(
            {},
            ...Object.entries(METRICS).map(([name, metric]) => named(one, metric, s => `${s === 0.5 ? 'median' : 'p99'}_${name}`, 1e-3)),
          ),
        }),
);
