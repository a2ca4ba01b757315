import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import nvidiaSmiDmon from './importer.ts';

/** The layout of dmon -o DT with invented values. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => nvidiaSmiDmon.parse(text, 'd.txt');

describe('values', () => {
  test('columns are read by name, and repeated headers are no samples', () => {
    const series = parse(SAMPLE);
    expect(series).toMatchObject({ kind: 'gpu', clock: { kind: 'zoneless', uncertainty_ms: 1000 } });
    expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 48, 26)) * 1_000_000n);
    expect(series.rows).toHaveLength(6);
    expect(series.rows.at(3)).toEqual({
      t_ms: 1000,
      gpu: 1,
      name: null,
      power_w: null,
      power_limit_w: null,
      sm_clock_mhz: 1710,
      mem_clock_mhz: 2619,
      temperature_c: 63,
      utilization_pct: 100,
      memory_used_mib: 70211,
      event_reasons: null,
    });
    expect(series.limits).toContain('The times are whole seconds: nothing shorter can be placed.');
    expect(series.warnings).toEqual(['power_w is missing in 1 of 6 samples.']);
  });

  test('columns in another order, and commas', () => {
    const text = '#Time, gpu, pclk, pwr\n#HH:MM:SS, Idx, MHz, W\n23:59:59, 0, 1980, 77\n00:00:01, 0, 1965, 78\n';
    const series = parse(text);
    expect(series.clock).toEqual({ kind: 'relative' });
    expect([...series.rows].map(row => [row.t_ms, row.sm_clock_mhz, row.power_w])).toEqual([
      [0, 1980, 77],
      [2000, 1965, 78],
    ]);
  });
});

test.each([
  ['no times', '# gpu    pwr\n# Idx      W\n    0     72\n', 'd.txt, line 3: the samples carry no times, so none can be placed.'],
  ['a short line', SAMPLE.replace('  1695  70211', ''), 'd.txt, line 5: the line does not have the 13 fields that its header names.'],
  ['a word', SAMPLE.replace('1695', 'fast'), 'd.txt, line 5, field pclk: "fast" is not a quantity.'],
  ['headers alone', SAMPLE.split('\n').slice(0, 2).join('\n'), 'd.txt: the file holds no complete sample.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));

test('the refusal of a file without times says what to do', () => {
  expect(() => parse('# gpu pwr\n 0 72\n')).toThrow(expect.objectContaining({ hint: expect.stringContaining('-o DT') }));
});
