import fc from 'fast-check';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { lined, ORIGIN_MS } from '#test/valid-rows';

/** Microseconds: below 2,048 of its units a histogram of three digits keeps each value in a bucket of its own. */
const seconds = fc.array(fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
const rows = seconds.map(all => {
  const e2e = (statistic: 'min' | 'max', us: number) => ({ metric: 'e2e', statistic, q: null, lower_ms: us / 1000, upper_ms: us / 1000 });
  const extremes = (values: readonly number[]) => [e2e('min', Math.min(...values)), e2e('max', Math.max(...values))];
  const windows = all.map((each, i) => ({ start_ms: i * 1000, length_ms: 1000, requests: each.length, latency: extremes(each) }));
  return { all, row: { start_ms: 0, end_ms: all.length * 1000, completed: all.flat().length, latency: extremes(all.flat()), windows } };
});

/** A histogram for each second, in the base 64 of version 2. */
export default rows.map(({ all, row }) => ({
  rows: [row],
  text: lined([
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${(ORIGIN_MS / 1000).toFixed(3)} (seconds since epoch), Sun Nov 22 10:15:00 UTC 2026]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ...all.map((values, i) => {
      const histogram = build({ numberOfSignificantValueDigits: 3, highestTrackableValue: 3_600_000_000 });
      for (const value of values) histogram.recordValue(value);
      return `${i}.000,1.000,${(Math.max(...values) / 1000).toFixed(3)},${encodeIntoCompressedBase64(histogram)}`;
    }),
  ]),
}));
