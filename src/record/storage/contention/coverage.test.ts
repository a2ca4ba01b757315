import { expect, test } from 'vitest';
import { coverageOf, GAP_MS, LOG_MS } from './coverage.ts';
import { fioReads } from './fio-output.ts';

const every = (from: number, to: number) => Array.from({ length: (to - from) / LOG_MS + 1 }, (_, i) => from + i * LOG_MS);
const span = { fromMs: 10_000, toMs: 20_000 };

// The harness of the brief gave fio a fixed time, so the last repeats ran without it.
test('a log that goes from before a load until after it covers it', () => {
  expect(coverageOf(every(9_750, 20_250), span)).toEqual({ covers: true, longestGapMs: LOG_MS });
});
test('one that ends with the load or before it does not, and neither does one that begins after it', () => {
  expect(coverageOf(every(9_750, 19_750), span).covers).toBe(false);
  expect(coverageOf(every(9_750, 20_000), span).covers).toBe(true);
  expect(coverageOf(every(10_250, 20_250), span).covers).toBe(true);
  expect(coverageOf(every(10_500, 20_250), span).covers).toBe(false);
});
test('a gap of more than two seconds is one', () => {
  const gap = (ms: number) => coverageOf([...every(9_750, 12_000), ...every(12_000 + ms, 21_000)], span);
  expect([gap(GAP_MS).covers, gap(GAP_MS + LOG_MS)]).toEqual([true, { covers: false, longestGapMs: GAP_MS + LOG_MS }]);
});
test('no log covers nothing', () => expect(coverageOf([], span)).toEqual({ covers: false, longestGapMs: 10_000 }));

test('the latency of its reads is read, whatever it says of a signal before its document', () => {
  const job = { error: 0, read: { iops: 100, bw_bytes: 2 ** 20, clat_ns: { mean: 500_000, percentile: { '99.000000': 2_000_000 } } } };
  const text = `\nfio: terminating on signal 2\n${JSON.stringify({ 'fio version': 'fio-3.33', jobs: [job] })}`;
  expect(fioReads(text)).toEqual({ reads_per_s: 100, mib_per_s: 1, read_mean_ms: 0.5, read_p99_ms: 2 });
  expect(fioReads('fio: failed')).toBeUndefined();
});
