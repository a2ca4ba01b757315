import { requests, tokenTimes, writing } from '#test/valid-rows';

const FIELDS = ['arrival_ms', 'first_token_ms', 'finish_ms', 'prompt_tokens', 'output_tokens', 'itl_ms', 'status'] as const;

/** Seconds of CLOCK_MONOTONIC as doubles. */
export default writing(requests(FIELDS, { step_ms: 125 }), rows =>
  JSON.stringify(
    rows.map(({ arrival_ms, first_token_ms, finish_ms, itl_ms, ...row }) => {
      const times = tokenTimes(first_token_ms, itl_ms).map(ms => ms / 1000);
      return {
        ...{ start_time: arrival_ms / 1000, end_time: (finish_ms ?? 0) / 1000, request: '{}', response: null },
        info: { input_tokens: row.prompt_tokens, output_tokens: row.output_tokens, output_token_times: times, lora_adapter: null },
        error: row.status === 'ok' ? null : { error_type: 'HTTP Error 503', error_msg: 'busy' },
      };
    }),
  ),
);
