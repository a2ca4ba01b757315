import { named, run, writing } from '#test/valid-rows';

const NAMES = { mean: 'avg', min: 'min', max: 'max', '0.5': 'med', '0.9': 'p(90)', '0.95': 'p(95)' } as const;
const nameOf = (statistic: string | number) => NAMES[`${statistic}` as keyof typeof NAMES];

export default writing(
  run(['sent', 'completed', 'failed', 'requests_per_s', 'concurrency'], ['e2e'], ['mean', 'min', 0.5, 0.9, 0.95, 'max']).map(one => [one]),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          metrics: {
            http_req_duration: named(one, 'e2e', nameOf),
            http_reqs: { count: one.sent, rate: one.requests_per_s },
            vus_max: { value: one.concurrency, min: one.concurrency, max: one.concurrency },
            http_req_failed: { passes: one.failed, fails: one.completed, value: 0.0025 },
          },
          root_group: { name: '', path: '', id: '0', groups: {}, checks: {} },
        }),
);
