import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { encodeIntoCompressedBase64, Float64Histogram } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import hdrHlog from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.hlog', import.meta.url), 'utf8');
const parse = (text: string) => hdrHlog.parse(text, 'h.hlog');
const MS = 1_000_000;

/** 1, 2, … n ms, recorded in ns. */
const upTo = (n: number, digits = 3): Float64Histogram => {
  const histogram = new Float64Histogram(1, 60_000 * MS, digits);
  for (let ms = 1; ms <= n; ms += 1) histogram.recordValue(ms * MS);
  return histogram;
};
const row = (start: string, n: number, max = n.toFixed(3)) => `${start},1.000,${max},${encodeIntoCompressedBase64(upTo(n))}\n`;

/** As Java wrote histograms before 2015: plain counts of 8 bytes. */
const inV1 = (histogram: Float64Histogram): string => {
  const counts = Array.from({ length: histogram.countsArrayLength }, (_, i) => histogram.getCountAtIndex(i));
  const body = Buffer.alloc(40 + 8 * counts.length);
  for (const [i, value] of [0x1c849301 | (8 << 4), 8 * counts.length, 0, histogram.numberOfSignificantValueDigits].entries())
    body.writeInt32BE(value, 4 * i);
  body.writeBigInt64BE(BigInt(histogram.lowestDiscernibleValue), 16);
  body.writeBigInt64BE(BigInt(histogram.highestTrackableValue), 24);
  for (const [i, count] of counts.entries()) body.writeBigInt64BE(BigInt(count), 40 + 8 * i);
  const packed = deflateSync(body);
  const head = Buffer.alloc(8);
  head.writeInt32BE(0x1c849302 | (8 << 4), 0);
  head.writeInt32BE(packed.length, 4);
  return Buffer.concat([head, packed]).toString('base64');
};

describe('values', () => {
  test('percentiles are buckets that hold the true value; a tag has one run, with a window for each row', () => {
    const series = parse(SAMPLE);
    expect(series.rows.map(run => [run.label, run.completed, run.windows.length])).toEqual([
      [null, 86, 4],
      ['warm', 86, 4],
    ]);
    expect(series.limits[0]).toContain('nanoseconds');
    expect(series.warnings).toEqual([expect.stringContaining('no end mark')]);
  });

  test('intervals are merged as histograms', () => {
    const [run] = parse(row('0.000', 100) + row('1.000', 300)).rows;
    // 400 values: rank 396 is 296 ms, rank 200 is 100 ms (both of the 1…100, and one of the 1…300).
    const figure = (q: number) => run?.latency.find(f => f.q === q);
    expect(figure(0.99)?.n).toBe(400);
    expect(figure(0.99)?.lower_ms).toBeLessThanOrEqual(296);
    expect(figure(0.99)?.upper_ms).toBeGreaterThanOrEqual(296);
    expect(figure(0.5)?.lower_ms).toBeCloseTo(100, 0);
    const [mean] = run?.latency ?? [];
    expect(mean?.lower_ms).toBeLessThanOrEqual((5050 + 45_150) / 400);
    expect(mean?.upper_ms).toBeGreaterThanOrEqual((5050 + 45_150) / 400);
    expect(run?.windows.map(window => [window.start_ms, window.length_ms, window.requests])).toEqual([
      [0, 1000, 100],
      [1000, 1000, 300],
    ]);
  });

  test('histograms of version 1 give the same figures', () => {
    const old = `0.000,1.000,100.000,${inV1(upTo(100))}\n`;
    expect(parse(old).rows[0]?.latency).toEqual(parse(row('0.000', 100)).rows[0]?.latency);
  });

  test('values in microseconds are known by Interval_Max', () => {
    const histogram = new Float64Histogram(1, 60_000_000, 3);
    histogram.recordValue(2500);
    const series = parse(`0.000,1.000,2.500,${encodeIntoCompressedBase64(histogram)}\n`);
    expect(series.limits[0]).toContain('microseconds');
    expect(series.rows[0]?.latency.at(-1)?.lower_ms).toBeCloseTo(2.5, 1);
  });
});

describe('clock', () => {
  const START = '#[StartTime: 1795311000.250 (seconds since epoch)]\n';
  test.each([
    ['relative to the start', START + row('0.127', 5), 1_795_311_000_250_000_000n, 'epoch', 127],
    ['absolute', START + row('1795311000.300', 5), 1_795_311_000_300_000_000n, 'epoch', 0],
    ['absolute without a start', row('1795311000.300', 5), 1_795_311_000_300_000_000n, 'epoch', 0],
    [
      'relative to a base',
      `#[BaseTime: 1795311000.000 (seconds since epoch)]\n${row('5.000', 5)}`,
      1_795_311_000_000_000_000n,
      'epoch',
      5000,
    ],
    ['relative to nothing', row('5.000', 5), 5_000_000_000n, 'relative', 0],
  ])('%s', (_, text, origin, kind, start) => {
    const series = parse(text);
    expect(series).toMatchObject({ origin_ns: origin, clock: { kind } });
    expect(series.rows[0]?.start_ms).toBe(start);
  });

  test('jHiccup measures its own thread, and that is said', () => {
    const series = parse(`#[Logged with jHiccup version 2.0.7]\n${row('0.1', 5)}`);
    expect(series.rows[0]?.latency[0]?.metric).toBe('schedule_delay');
    expect(series.limits.join(' ')).toContain('jHiccup wrote this');
  });
});

describe('refusals', () => {
  test.each([
    ['0.1,1.0,5.0,HISTFAAAnonsense\n', 'h.hlog, line 1: the histogram cannot be read ('],
    [`0.1,1.0,${row('', 5)}`, 'h.hlog, line 1: "0.1,1.0,,1.000,5.000,HIST'],
    [row('0.1', 5, '123.000'), 'h.hlog, line 1, field Interval_Max: 123 does not go with the largest value'],
    [row('0.1', 5, '0.000'), 'so the unit of the values cannot be known.'],
    ['#[Histogram log format version 1.3]\n', 'h.hlog: the log holds no interval.'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
