import { epochNs, lined, requests, writing } from '#test/valid-rows';

const FIELDS = ['arrival_ms', 'first_token_ms', 'finish_ms', 'prompt_tokens', 'output_tokens', 'itl_ms', 'status'] as const;
const metric = (value: unknown, unit = 'ms') => ({ value, unit });

/** Stamps are integers of more digits than a double holds: they are put into the text. */
export default writing(requests(FIELDS, { step_ms: 0.125 }), rows =>
  lined(
    rows.map((row, i) => {
      const { arrival_ms, first_token_ms, finish_ms, itl_ms } = row;
      const good = {
        input_sequence_length: metric(row.prompt_tokens, 'tokens'),
        time_to_first_token: metric((first_token_ms ?? 0) - arrival_ms),
        request_latency: metric((finish_ms ?? 0) - arrival_ms),
        output_sequence_length: metric(row.output_tokens, 'tokens'),
        inter_chunk_latency: metric([...(itl_ms ?? [])]),
      };
      const metrics = row.status === 'ok' ? good : { error_isl: metric(row.prompt_tokens, 'tokens') };
      const stamps = `"request_start_ns": ${epochNs(arrival_ms)}, "request_end_ns": ${epochNs(finish_ms ?? 0)}`;
      const error = row.status === 'ok' ? null : { code: 500, type: 'InternalServerError', message: 'out of luck' };
      return `{"metadata": {"x_request_id": "a${i}", ${stamps}, "benchmark_phase": "profiling", "was_cancelled": false}, "metrics": ${JSON.stringify(metrics)}, "error": ${JSON.stringify(error)}}`;
    }),
  ),
);
