import { ms, ORIGIN_MS, run, writing } from '#test/valid-rows';

/** Latencies in ns, the time of a direction in ms. */
export default writing(
  run(['completed', 'requests_per_s', 'duration_s'], ['read'], ['mean', 'std', 'min', 'max']).map(one => [one]),
  ([one]) => {
    if (one === undefined) return '';
    const ns = (statistic: 'mean' | 'std' | 'min' | 'max') => Math.round(ms(one, 'read', statistic) * 1e6);
    const clat_ns = { min: ns('min'), max: ns('max'), mean: ns('mean'), stddev: ns('std'), N: one.completed };
    const none = { min: 0, max: 0, mean: 0, stddev: 0, N: 0 };
    return JSON.stringify({
      ...{ 'fio version': 'fio-3.33', timestamp: ORIGIN_MS / 1000, timestamp_ms: ORIGIN_MS, time: 'Sun Nov 22 10:15:00 2026' },
      jobs: [
        {
          ...{ jobname: 'mixed', groupid: 0, error: 0 },
          read: { io_bytes: 4096000, iops: one.requests_per_s, runtime: one.duration_s * 1000, total_ios: one.completed, clat_ns },
          write: { io_bytes: 0, iops: 0, runtime: 0, total_ios: 0, clat_ns: none },
        },
      ],
    });
  },
);
