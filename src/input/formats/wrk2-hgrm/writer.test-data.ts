import { lined, ms, run, writing } from '#test/valid-rows';

const SHARES = [0.5, 0.9, 0.95, 0.99, 0.999] as const;

/** A whole report; it counts answers with an error status among its requests. */
export default writing(
  run(['completed', 'failed', 'requests_per_s', 'duration_s', 'concurrency'], ['e2e'], ['mean', 'std', ...SHARES, 'max']).map(one => [one]),
  ([one]) => {
    if (one === undefined) return '';
    const [count, max] = [one.completed, ms(one, 'e2e', 'max').toFixed(3)];
    return lined([
      'Running 30s test @ http://server/generate',
      `  2 threads and ${one.concurrency} connections`,
      '  Latency Distribution (HdrHistogram - Recorded Latency)',
      '  Detailed Percentile spectrum:',
      '       Value   Percentile   TotalCount 1/(1-Percentile)',
      '',
      ...SHARES.map(q => `       ${ms(one, 'e2e', q).toFixed(3)}     ${q.toFixed(6)}        10000         2.00`),
      `       ${max}     1.000000        ${count}          inf`,
      `#[Mean    =        ${ms(one, 'e2e', 'mean').toFixed(3)}, StdDeviation   =        ${ms(one, 'e2e', 'std').toFixed(3)}]`,
      `#[Max     =       ${max}, Total count    =        ${count}]`,
      '#[Buckets =           27, SubBuckets     =         2048]',
      '----------------------------------------------------------',
      `  ${one.completed + one.failed} requests in ${one.duration_s}.00s, 24.10MB read`,
      `  Non-2xx or 3xx responses: ${one.failed}`,
      `Requests/sec:    ${one.requests_per_s}.00`,
      'Transfer/sec:      0.80MB',
    ]);
  },
);
