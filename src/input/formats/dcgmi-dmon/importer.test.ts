import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import dcgmiDmon from './importer.ts';

/** The layout of dcgmi dmon under ts, with invented values. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => dcgmiDmon.parse(text, 'd.txt');

test('the entity is two words, columns are read by name, and N/A is missing', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'gpu', clock: { kind: 'epoch', uncertainty_ms: 0.001 } });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 48, 26, 337)) * 1_000_000n + 501_000n);
  expect(series.rows).toHaveLength(4);
  expect(series.rows.at(3)).toMatchObject({
    t_ms: 1000.129,
    gpu: 1,
    power_w: null,
    sm_clock_mhz: 1710,
    temperature_c: 63,
    memory_used_mib: 70211,
  });
  expect(series.rows.at(0)).toMatchObject({ t_ms: 0, gpu: 0, power_w: 612.412, utilization_pct: 97 });
  expect(series.warnings).toEqual(['power_w is missing in 1 of 4 samples.']);
});

test('without times it is refused, with the way to get them', () => {
  const bare = SAMPLE.replaceAll(/^\S+ /gm, '');
  expect(dcgmiDmon.sniff(bare)).toBe(true);
  expect(() => parse(bare)).toThrow('d.txt, line 3: the samples carry no times, so none can be placed.');
  expect(() => parse(bare)).toThrow(expect.objectContaining({ hint: expect.stringContaining('ts ') }));
});

test.each([
  ['a value too few', SAMPLE.replace('97        612', '612'), 'd.txt, line 3: the line has 5 values, but the header has 6.'],
  ['a word', SAMPLE.replace('612.412', 'much'), 'd.txt, line 3, field POWER: "much" is not a quantity.'],
  [
    'a time that is none',
    SAMPLE.replace('2026-11-22T01:48:27.337612', 'yesterday'),
    'd.txt, line 5, field time: "yesterday+0000" is not a time.',
  ],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
