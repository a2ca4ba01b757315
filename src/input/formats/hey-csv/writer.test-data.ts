import { lined, requests, writing } from '#test/valid-rows';

const HEADER = 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset';
/** hey writes seconds with four decimals. */
const seconds = (ms: number) => (ms / 1000).toFixed(4);

export default writing(requests(['arrival_ms', 'finish_ms', 'status']), rows =>
  lined([
    HEADER,
    ...rows.map(({ arrival_ms, finish_ms, status }) => {
      const duration = seconds((finish_ms ?? 0) - arrival_ms);
      return `${duration},0.0047,0.0042,0.0001,${duration},0.0001,${status === 'ok' ? 200 : 503},${seconds(arrival_ms)}`;
    }),
  ]),
);
