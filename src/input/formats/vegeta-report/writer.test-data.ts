import { iso, named, run, writing } from '#test/valid-rows';

const nameOf = (statistic: string | number) => (typeof statistic === 'number' ? `${statistic * 100}th` : statistic);

/** Latencies in ns. */
export default writing(
  run(['completed', 'failed', 'requests_per_s'], ['e2e'], ['mean', 'min', 0.5, 0.9, 0.95, 0.99, 'max']).map(one => [
    { ...one, start_ms: 0, end_ms: 30_125, sent: one.completed + one.failed },
  ]),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          latencies: { total: 15000000000, ...named(one, 'e2e', nameOf, 1e6) },
          ...{ bytes_in: { total: 120000, mean: 100 }, earliest: iso(0), latest: iso(30_000), end: iso(30_125), duration: 30000000000 },
          ...{ requests: one.sent, rate: 40.5, throughput: one.requests_per_s, success: 0.9975 },
          ...{ status_codes: { '200': one.completed, '503': one.failed }, errors: ['503 Service Unavailable'] },
        }),
);
