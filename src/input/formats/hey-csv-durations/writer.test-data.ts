import fc from 'fast-check';
import { lined, writing } from '#test/valid-rows';

const HEADER = 'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read';
const e2e = (statistic: 'min' | 'mean' | 'max', value_ms: number) => ({
  metric: 'e2e',
  statistic,
  q: null,
  lower_ms: value_ms,
  upper_ms: value_ms,
});
/** Three requests, in the middle of which the mean lies. */
const rows = fc
  .record({ least: fc.integer({ min: 1, max: 10_000 }), step: fc.integer({ min: 1, max: 10_000 }) })
  .map(({ least, step }) => [{ latency: [e2e('min', least), e2e('mean', least + step), e2e('max', least + 2 * step)] }]);

/** Seconds with four decimals. */
export default writing(rows, all =>
  lined([
    HEADER,
    ...all.flatMap(({ latency }) => latency.map(({ lower_ms }) => `${(lower_ms / 1000).toFixed(4)},0.0047,0.0042,0.0001,0.0019,0.0001`)),
  ]),
);
