import { bucketed, exposed, lined, writing } from '#test/valid-rows';

export default writing(
  bucketed('e2e').map(one => [one]),
  runs =>
    lined(
      runs.flatMap(one => [
        ...exposed('tgi_request_duration', one),
        `tgi_request_success ${one.completed}`,
        `tgi_request_generated_tokens_sum ${one.output_tokens}`,
      ]),
    ),
);
