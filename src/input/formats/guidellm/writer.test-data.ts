import { ORIGIN_MS, requests, writing } from '#test/valid-rows';

const FIELDS = ['arrival_ms', 'first_token_ms', 'finish_ms', 'prompt_tokens', 'output_tokens', 'status'] as const;
const seconds = (ms: number | null) => (ms === null ? null : (ORIGIN_MS + ms) / 1000);

/** Seconds as doubles. The layout of 0.8. */
export default writing(requests(FIELDS, { step_ms: 125 }), rows => {
  const of = (status: string) =>
    rows
      .filter(row => row.status === status)
      .map(row => ({
        ...{ type_: 'generative_request_stats', request_id: `r${row.arrival_ms}` },
        info: {
          timings: {
            request_start: seconds(row.arrival_ms),
            first_token_iteration: seconds(row.first_token_ms),
            request_end: seconds(row.finish_ms),
          },
        },
        ...{ prompt_tokens: row.prompt_tokens, output_tokens: row.output_tokens },
      }));
  const config = { strategy: { type_: 'throughput', max_concurrency: 512 } };
  const benchmark = {
    type_: 'generative_benchmark',
    config,
    requests: { successful: of('ok'), errored: of('failed'), incomplete: [], total: null },
  };
  return JSON.stringify({ metadata: { version: 2, guidellm_version: '0.8.0' }, benchmarks: [benchmark] }, null, 2);
});
