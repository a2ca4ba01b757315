import { requests, writing } from '#test/valid-rows';

const FIELDS = ['arrival_ms', 'first_token_ms', 'finish_ms', 'prompt_tokens', 'itl_ms', 'status'] as const;

/** --save-detailed of January 2026: seconds of CLOCK_MONOTONIC as doubles; failed requests stand in its arrays as zeros. */
export default writing(
  requests(FIELDS, { step_ms: 125, statuses: ['ok'] }),
  rows =>
    `${JSON.stringify({
      ...{ date: '20261122-101500', endpoint_type: 'openai', backend: 'openai', label: null, model_id: 'm/small', tokenizer_id: 'm/small' },
      ...{ num_prompts: rows.length, request_rate: 'inf', burstiness: 1.0, max_concurrency: 2, duration: 60.5, completed: rows.length },
      input_lens: rows.map(row => row.prompt_tokens),
      output_lens: rows.map(row => (row.itl_ms?.length ?? 0) + 1),
      ttfts: rows.map(row => ((row.first_token_ms ?? 0) - row.arrival_ms) / 1000),
      itls: rows.map(row => Array.from(row.itl_ms ?? [], ms => ms / 1000)),
      start_times: rows.map(row => row.arrival_ms / 1000),
      generated_texts: rows.map(() => ''),
      errors: rows.map(() => ''),
    })}\n`,
);
