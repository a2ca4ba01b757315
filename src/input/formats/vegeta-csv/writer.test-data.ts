import { epochNs, lined, requests, writing } from '#test/valid-rows';

export default writing(requests(['arrival_ms', 'finish_ms', 'status']), rows =>
  lined(
    rows.map(({ arrival_ms, finish_ms, status }, seq) => {
      const [code, error] = status === 'ok' ? [200, ''] : [503, '503 Service Unavailable'];
      const latency_ns = ((finish_ms ?? 0) - arrival_ms) * 1e6;
      return `${epochNs(arrival_ms)},${code},${latency_ns},11,64,${error},,warm,${seq},POST,http://server/generate,`;
    }),
  ),
);
