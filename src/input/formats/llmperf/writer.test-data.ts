import fc from 'fast-check';
import { writing } from '#test/valid-rows';

const e2e = (statistic: 'min' | 'max', value_ms: number) => ({ metric: 'e2e', statistic, q: null, lower_ms: value_ms, upper_ms: value_ms });
const rows = fc
  .record({ least: fc.integer({ min: 1, max: 1000 }), more: fc.nat(1000), failed: fc.nat(3) })
  .map(({ least, more, failed }) => [{ completed: 2, failed, latency: [e2e('min', least), e2e('max', least + more)] }]);
const TOKENS = { number_total_tokens: 559, number_output_tokens: 9, number_input_tokens: 550 };

/** The fastest and the slowest of the requests, and those that failed. */
export default writing(rows, all =>
  JSON.stringify(
    all.flatMap(({ failed, latency }) => [
      ...latency.map(({ lower_ms }) => ({
        error_code: null,
        error_msg: '',
        inter_token_latency_s: 0.1,
        ttft_s: 0,
        end_to_end_latency_s: lower_ms / 1000,
        ...TOKENS,
      })),
      ...Array.from({ length: failed }, () => ({
        error_code: 429,
        error_msg: 'busy',
        ttft_s: 0,
        end_to_end_latency_s: 0,
        number_output_tokens: 0,
        number_input_tokens: 550,
      })),
    ]),
  ),
);
