import { bucketed, exposed, lined, writing } from '#test/valid-rows';

const LABELS = 'model_name="m/small",engine_type="trtllm"';

export default writing(
  bucketed('e2e').map(one => [one]),
  runs =>
    lined(
      runs.flatMap(one => [
        ...exposed('trtllm_e2e_request_latency_seconds', one, `${LABELS},`),
        `trtllm_request_success_total{${LABELS}} ${one.completed}`,
        `trtllm_generation_tokens_total{${LABELS}} ${one.output_tokens}`,
      ]),
    ),
);
