import { ms, named, run, writing } from '#test/valid-rows';

/** Seconds. */
export default writing(
  run(['duration_s', 'completed', 'failed', 'requests_per_s'], ['e2e'], ['mean', 'min', 0.5, 0.9, 0.99, 'max']).map(one => [one]),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          summary: {
            ...{ successRate: 1.0, total: one.duration_s, slowest: ms(one, 'e2e', 'max') / 1000, fastest: ms(one, 'e2e', 'min') / 1000 },
            ...{
              average: ms(one, 'e2e', 'mean') / 1000,
              requestsPerSec: one.requests_per_s,
              totalData: 130,
              sizePerRequest: 10,
              sizePerSec: 64.9,
            },
          },
          latencyPercentiles: Object.fromEntries(
            Object.entries(named(one, 'e2e', s => `p${Number(s) * 100}`, 1e-3)).filter(([name]) => name !== 'pNaN'),
          ),
          statusCodeDistribution: { '200': one.completed, '500': one.failed },
          errorDistribution: { 'aborted due to deadline': 2 },
        }),
);
