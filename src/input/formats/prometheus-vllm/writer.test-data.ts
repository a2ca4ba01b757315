import { bucketed, exposed, lined, writing } from '#test/valid-rows';

const LABELS = 'engine="0",model_name="m/small"';

export default writing(
  bucketed('ttft').map(one => [one]),
  runs =>
    lined(
      runs.flatMap(one => [
        `vllm:num_requests_running{${LABELS}} 3.0`,
        `vllm:request_success_total{engine="0",finished_reason="stop",model_name="m/small"} ${one.completed}`,
        `vllm:generation_tokens_total{${LABELS}} ${one.output_tokens}`,
        ...exposed('vllm:time_to_first_token_seconds', one, `${LABELS},`),
      ]),
    ),
);
