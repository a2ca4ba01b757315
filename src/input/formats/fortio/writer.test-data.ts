import { iso, ms, run, writing } from '#test/valid-rows';

/** Times in seconds, the duration in ns. */
export default writing(
  run(['completed', 'failed', 'requests_per_s', 'duration_s', 'concurrency', 'requested_rate'], ['e2e'], ['mean', 'std', 'min', 'max']).map(
    one => [{ ...one, start_ms: 0, end_ms: one.duration_s * 1000, sent: one.completed + one.failed }],
  ),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          ...{
            RunType: 'HTTP',
            Labels: 'server:8000 , host1',
            StartTime: iso(0),
            RequestedQPS: `${one.requested_rate}`,
            RequestedDuration: '30s',
          },
          ...{ ActualQPS: one.requests_per_s, ActualDuration: one.duration_s * 1e9, NumThreads: one.concurrency, Version: '1.60.0' },
          DurationHistogram: {
            ...{
              Count: one.sent,
              Min: ms(one, 'e2e', 'min') / 1000,
              Max: ms(one, 'e2e', 'max') / 1000,
              Avg: ms(one, 'e2e', 'mean') / 1000,
            },
            ...{ StdDev: ms(one, 'e2e', 'std') / 1000, Data: [], Percentiles: [] },
          },
          RetCodes: { '200': one.completed, '503': one.failed },
        }),
);
