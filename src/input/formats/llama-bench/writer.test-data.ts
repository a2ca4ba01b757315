import fc from 'fast-check';
import { iso, writing } from '#test/valid-rows';

const test = fc.record({
  n_prompt: fc.nat(512),
  n_gen: fc.integer({ min: 1, max: 512 }),
  rate: fc.integer({ min: 1, max: 1e6 }).map(n => n / 100),
});
/** Tests that generate, each of two repetitions of 1 and 3 ms. */
const rows = fc.array(test, { minLength: 1, maxLength: 4 }).map(tests =>
  tests.map(({ n_prompt, n_gen, rate }, i) => ({
    ...{ start_ms: i * 1000, completed: 2, input_tokens: n_prompt * 2, output_tokens: n_gen * 2 },
    ...(n_prompt > 0 ? { total_tokens_per_s: rate } : { output_tokens_per_s: rate }),
    latency: [{ metric: 'e2e', statistic: 'mean', q: null, lower_ms: 2, upper_ms: 2 }],
  })),
);

export default writing(rows, all =>
  JSON.stringify(
    all.map(row => ({
      ...{ build_number: 4500, gpu_info: 'NVIDIA H100', backends: 'CUDA', model_type: 'llama 7B Q4_0', n_depth: 0 },
      ...{ n_prompt: row.input_tokens / 2, n_gen: row.output_tokens / 2, test_time: iso(row.start_ms) },
      ...{ avg_ts: 'total_tokens_per_s' in row ? row.total_tokens_per_s : row.output_tokens_per_s, samples_ns: [1e6, 3e6] },
    })),
    null,
    2,
  ),
);
