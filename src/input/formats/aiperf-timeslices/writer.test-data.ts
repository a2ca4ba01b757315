import fc from 'fast-check';
import { epochNs, named, run, writing } from '#test/valid-rows';

const LATENCIES = { request_latency: 'e2e', time_to_first_token: 'ttft' } as const;
const nameOf = (statistic: string | number) => (typeof statistic === 'number' ? `p${statistic * 100}` : 'avg');
const SLICE_MS = 1000;
const slices = fc.array(run(['completed', 'failed'], Object.values(LATENCIES), ['mean', 0.99]), { minLength: 1, maxLength: 4 });
const rows = slices.map(all => [
  {
    windows: all.map(({ latency, completed, failed }, i) => ({
      start_ms: i * SLICE_MS,
      length_ms: SLICE_MS,
      requests: completed,
      failures: failed,
      latency,
    })),
  },
]);

/** Stamps are integers of more digits than a double holds: they are put into the text. */
export default writing(rows, all => {
  const slice = (window: (typeof all)[number]['windows'][number]) => {
    const metrics = {
      ...Object.fromEntries(Object.entries(LATENCIES).map(([name, metric]) => [name, { unit: 'ms', ...named(window, metric, nameOf) }])),
      ...{ request_count: { unit: 'requests', avg: window.requests }, error_request_count: { unit: 'requests', avg: window.failures } },
    };
    const stamps = `"start_ns": ${epochNs(window.start_ms)}, "end_ns": ${epochNs(window.start_ms + window.length_ms)}`;
    return `{${stamps}, ${JSON.stringify(metrics).slice(1)}`;
  };
  return `{"timeslices": [${all.flatMap(({ windows }) => windows.map(slice)).join(', ')}]}`;
});
