import { named, run, writing } from '#test/valid-rows';

const FIELDS = [
  'requested_rate',
  'concurrency',
  'sent',
  'completed',
  'failed',
  'duration_s',
  'input_tokens',
  'output_tokens',
  'requests_per_s',
  'output_tokens_per_s',
  'total_tokens_per_s',
] as const;

export default writing(
  run(FIELDS, ['ttft', 'tpot', 'itl'], ['mean', 0.5, 0.99]).map(one => [one]),
  runs =>
    JSON.stringify(
      runs.map((one, run_number) => ({
        ...{
          date: '20261122-101500',
          model_id: 'm/small',
          num_prompts: one.sent,
          request_rate: one.requested_rate,
          max_concurrency: one.concurrency,
        },
        ...{ duration: one.duration_s, completed: one.completed, failed: one.failed, total_input_tokens: one.input_tokens },
        ...{ total_output_tokens: one.output_tokens, request_throughput: one.requests_per_s, output_throughput: one.output_tokens_per_s },
        ...{ total_token_throughput: one.total_tokens_per_s, run_number },
        ...Object.assign(
          {},
          ...['ttft', 'tpot', 'itl'].map(m => named(one, m, s => `${s === 0.5 ? 'median' : s === 0.99 ? 'p99' : s}_${m}_ms`)),
        ),
      })),
    ),
);
