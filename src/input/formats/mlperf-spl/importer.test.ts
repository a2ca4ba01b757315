import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import mlperfSpl from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => mlperfSpl.parse(text, 'spl.txt');

test('a line gives the power of the whole and of each channel, month first, without a zone', () => {
  const series = parse(SAMPLE);
  expect(series.clock).toEqual({ kind: 'zoneless', uncertainty_ms: 500.5 });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 30, 0, 52)) * 1_000_000n);
  expect(series.rows.slice(0, 4)).toEqual([
    { t_ms: 0, entity: 'wall', metric: 'power', unit: 'W', value: 2890, nature: 'average', window_ms: null },
    { t_ms: 0, entity: 'wall channel 1', metric: 'power', unit: 'W', value: 1500, nature: 'average', window_ms: null },
    { t_ms: 0, entity: 'wall channel 2', metric: 'power', unit: 'W', value: 1390, nature: 'average', window_ms: null },
    { t_ms: 1000, entity: 'wall', metric: 'power', unit: 'W', value: 2910.5, nature: 'average', window_ms: null },
  ]);
  expect(series.rows.at(-1)).toMatchObject({ t_ms: 2001, entity: 'wall channel 2', value: 2912 });
  expect(series.limits.join(' ')).toMatch(/no zone.*power_begin/);
});

test('a last line that is cut off is left out with a warning', () => {
  const series = parse(SAMPLE.slice(0, -3));
  expect(series.rows).toHaveLength(6);
  expect(series.warnings[0]).toContain('Line 3');
});

describe('refusals', () => {
  test.each([
    [SAMPLE.replace('11-22-2026', '22-11-2026'), 'spl.txt, line 1, field Time: "Time,22-11-2026 01:30:00.052" is not a time.'],
    [SAMPLE.replace('1500.000000', '-1.0'), 'spl.txt, line 1, field wall channel 1 Watts: "-1.0" is not a power.'],
    ['', 'spl.txt: the file holds nothing that can be used.'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
