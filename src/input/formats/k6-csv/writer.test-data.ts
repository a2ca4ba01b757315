import { epochNs, lined, requests, writing } from '#test/valid-rows';

const HEADER =
  'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata';

/** With K6_CSV_TIME_FORMAT=unix_nano. k6 stamps a request at its end. */
export default writing(requests(['arrival_ms', 'finish_ms', 'status']), rows =>
  lined([
    HEADER,
    ...rows.flatMap(({ arrival_ms, finish_ms, status }) => {
      const end_ms = finish_ms ?? 0;
      const tags = `,,,${status === 'ok'},,POST,generate,HTTP/1.1,default,,${status === 'ok' ? 200 : 503},,,http://server/generate,,`;
      return [
        `http_req_duration,${epochNs(end_ms)},${(end_ms - arrival_ms).toFixed(6)},${tags}`,
        `http_reqs,${epochNs(end_ms)},1.000000,${tags}`,
      ];
    }),
  ]),
);
