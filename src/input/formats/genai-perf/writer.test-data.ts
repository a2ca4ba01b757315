import { epochNs, requests, tokenTimes, writing } from '#test/valid-rows';

/** Stamps are read as doubles, which hold multiples of 256 ns exactly. */
export default writing(
  requests(['arrival_ms', 'first_token_ms', 'finish_ms', 'itl_ms', 'status'], { step_ms: 0.512, statuses: ['ok'] }),
  rows => {
    const each = rows.map(({ arrival_ms, first_token_ms, itl_ms }) => {
      const responses = tokenTimes(first_token_ms, itl_ms).map(epochNs);
      return `{"timestamp": ${epochNs(arrival_ms)}, "request_inputs": {"payload": "{}"}, "response_timestamps": [${responses}], "response_outputs": []}`;
    });
    return `{"service_kind": "openai", "endpoint": "v1/chat/completions", "experiments": [{"experiment": {"mode": "concurrency", "value": 2}, "requests": [${each}], "window_boundaries": []}], "version": "2.59.0"}\n`;
  },
);
