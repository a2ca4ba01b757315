import { iso, jsonl, requests, writing } from '#test/valid-rows';

const METRIC = { name: 'http_req_duration', type: 'trend', contains: 'time', thresholds: [], submetrics: null };

/** k6 stamps a request at its end. */
export default writing(requests(['arrival_ms', 'finish_ms', 'status']), rows =>
  jsonl([
    { type: 'Metric', data: METRIC, metric: METRIC.name },
    ...rows.flatMap(({ arrival_ms, finish_ms, status }) => {
      const end_ms = finish_ms ?? 0;
      const tags = {
        expected_response: `${status === 'ok'}`,
        group: '',
        method: 'POST',
        name: 'generate',
        status: status === 'ok' ? '200' : '503',
      };
      return [
        { metric: 'http_reqs', type: 'Point', data: { time: iso(end_ms), value: 1, tags } },
        { metric: METRIC.name, type: 'Point', data: { time: iso(end_ms), value: end_ms - arrival_ms, tags } },
      ];
    }),
  ]),
);
