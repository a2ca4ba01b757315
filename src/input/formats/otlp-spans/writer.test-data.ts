import { epochNs, jsonl, requests, writing } from '#test/valid-rows';

const FIELDS = ['arrival_ms', 'first_token_ms', 'finish_ms', 'prompt_tokens', 'output_tokens', 'status'] as const;

export default writing(requests(FIELDS, { step_ms: 125 }), rows =>
  jsonl(
    rows.map(({ arrival_ms, first_token_ms, finish_ms, ...row }, i) => {
      const attributes = [
        { key: 'gen_ai.request.id', value: { stringValue: `cmpl-${i}` } },
        { key: 'gen_ai.usage.prompt_tokens', value: { intValue: `${row.prompt_tokens}` } },
        ...(first_token_ms === null
          ? []
          : [
              { key: 'gen_ai.usage.completion_tokens', value: { intValue: `${row.output_tokens}` } },
              { key: 'gen_ai.latency.time_to_first_token', value: { doubleValue: (first_token_ms - arrival_ms) / 1000 } },
            ]),
      ];
      const times = { startTimeUnixNano: `${epochNs(arrival_ms)}`, endTimeUnixNano: `${epochNs(finish_ms ?? 0)}` };
      const span = {
        traceId: '5b8a',
        spanId: `0${i}`,
        name: 'llm_request',
        kind: 2,
        ...times,
        attributes,
        status: row.status === 'ok' ? {} : { code: 2 },
      };
      return { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: { name: 'vllm.llm_engine' }, spans: [span] }] }] };
    }),
  ),
);
