import { iso, jsonl, requests, writing } from '#test/valid-rows';

export default writing(requests(['arrival_ms', 'finish_ms', 'status']), rows =>
  jsonl(
    rows.map(({ arrival_ms, finish_ms, status }, seq) => ({
      ...{ attack: '', seq, code: status === 'ok' ? 200 : 503, timestamp: iso(arrival_ms), latency: ((finish_ms ?? 0) - arrival_ms) * 1e6 },
      ...{ bytes_out: 11, bytes_in: 64, error: status === 'ok' ? '' : '503 Service Unavailable', body: null },
      ...{ method: 'POST', url: 'http://server/generate', headers: {} },
    })),
  ),
);
