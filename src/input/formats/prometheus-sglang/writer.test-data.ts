import { bucketed, exposed, lined, writing } from '#test/valid-rows';

const LABELS = 'model_name="m/small"';

export default writing(
  bucketed('e2e').map(one => [one]),
  runs =>
    lined(
      runs.flatMap(one => [
        ...exposed('sglang:e2e_request_latency_seconds', one, `${LABELS},`),
        `sglang:num_requests_total{${LABELS}} ${one.completed}`,
        `sglang:generation_tokens_total{${LABELS}} ${one.output_tokens}`,
      ]),
    ),
);
