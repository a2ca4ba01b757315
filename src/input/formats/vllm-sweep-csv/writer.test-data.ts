import { lined, named, run, writing } from '#test/valid-rows';

const FIELDS = [
  'requested_rate',
  'concurrency',
  'sent',
  'completed',
  'failed',
  'duration_s',
  'output_tokens',
  'requests_per_s',
  'output_tokens_per_s',
] as const;
const METRICS = ['ttft', 'itl'] as const;

/** As pandas writes it, its index first. */
export default writing(
  run(FIELDS, METRICS, ['mean', 0.99]).map(one => [one]),
  runs =>
    lined(
      runs.flatMap((one, i) => {
        const columns = {
          ...{ date: '20261122-101500', model_id: 'm/small', num_prompts: one.sent, request_rate: one.requested_rate },
          ...{ max_concurrency: `${one.concurrency}.0`, duration: one.duration_s, completed: one.completed, failed: one.failed },
          ...{ total_output_tokens: one.output_tokens, request_throughput: one.requests_per_s, output_throughput: one.output_tokens_per_s },
          ...Object.assign({}, ...METRICS.map(m => named(one, m, s => `${s === 0.99 ? 'p99' : s}_${m}_ms`))),
          run_number: 0,
        };
        return [`,${Object.keys(columns)}`, `${i},${Object.values(columns)}`];
      }),
    ),
);
