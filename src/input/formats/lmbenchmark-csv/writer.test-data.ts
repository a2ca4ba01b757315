import { lined, ORIGIN_MS, requests, writing } from '#test/valid-rows';

const HEADER = 'prompt_tokens,generation_tokens,ttft,generation_time,user_id,question_id,launch_time,finish_time';
const FIELDS = ['arrival_ms', 'first_token_ms', 'finish_ms', 'prompt_tokens', 'output_tokens', 'status'] as const;

/** Seconds as doubles; what failed is not in the file. */
export default writing(requests(FIELDS, { step_ms: 125, statuses: ['ok'] }), rows =>
  lined([
    HEADER,
    ...rows.map(row => {
      const [start_s, first_s, end_s] = [row.arrival_ms, row.first_token_ms ?? 0, row.finish_ms ?? 0].map(
        ms => (ORIGIN_MS + ms) / 1000,
      ) as [number, number, number];
      return `${row.prompt_tokens}.0,${row.output_tokens}.0,${first_s - start_s},${end_s - first_s},1,1,${start_s},${end_s}`;
    }),
  ]),
);
