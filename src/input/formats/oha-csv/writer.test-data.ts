import { lined, requests, writing } from '#test/valid-rows';

const HEADER = 'request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status';

export default writing(requests(['arrival_ms', 'finish_ms', 'status']), rows =>
  lined([
    HEADER,
    ...rows.map(({ arrival_ms, finish_ms, status }) => {
      const duration_s = ((finish_ms ?? 0) - arrival_ms) / 1000;
      return `${arrival_ms / 1000},0.0003,0.001,${duration_s},${duration_s},11,${status === 'ok' ? 200 : 503}`;
    }),
  ]),
);
