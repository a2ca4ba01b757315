import { named, run, writing } from '#test/valid-rows';

export default writing(
  run(['duration_s', 'sent', 'completed', 'failed', 'output_tokens', 'output_tokens_per_s'], ['e2e'], [0.5, 0.9, 0.99]).map(one => [one]),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          ...{ elapsed: one.duration_s, total_requests: one.sent, completed_requests: one.completed, rejected_requests: one.failed },
          ...{ tokens_generated: one.output_tokens, throughput_tok_per_s: one.output_tokens_per_s },
          ...named(one, 'e2e', s => `latency_p${Number(s) * 100}_ms`),
          samples_collected: one.completed,
        }),
);
