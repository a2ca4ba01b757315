import { epochNs, jsonl, requests, writing } from '#test/valid-rows';

const FIELDS = ['arrival_ms', 'first_token_ms', 'finish_ms', 'prompt_tokens', 'output_tokens', 'itl_ms', 'status'] as const;
const stamp = (ms: number | null) => (ms === null ? null : `${epochNs(ms)}`);

export default writing(requests(FIELDS, { step_ms: 0.125, statuses: ['ok', 'failed', 'unfinished'] }), rows =>
  jsonl(
    rows.map((row, id) => ({
      ...{ id, arrival_ns: stamp(row.arrival_ms), first_token_ns: stamp(row.first_token_ms), finish_ns: stamp(row.finish_ms) },
      ...{ prompt_tokens: row.prompt_tokens, output_tokens: row.output_tokens, status: row.status },
      itl_us: row.itl_ms === null ? null : Array.from(row.itl_ms, ms => ms * 1000),
    })),
  ),
);
