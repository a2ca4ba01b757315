import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import amdSmiCsv from './importer.ts';

/** Invented values under the headings of amd-smi monitor. */
const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => amdSmiCsv.parse(text, 'a.csv');

test('readings of each GPU; N/A is missing', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'gpu', clock: { kind: 'epoch', uncertainty_ms: 1000 }, origin_ns: 1_795_342_500_000_000_000n });
  expect(
    [...series.rows].map(r => [r.t_ms, r.gpu, r.power_w, r.sm_clock_mhz, r.temperature_c, r.utilization_pct, r.memory_used_mib]),
  ).toEqual([
    [0, 0, 612, 2100, 61, 100, 180_000],
    [0, 1, 150, 132, 45, 0, 290],
    [1000, 0, 615, 2105, 62, 100, 180_010],
    [1000, 1, null, 132, 45, 0, 290],
  ]);
  expect(series.limits.at(-1)).toBe('In the file, but not read: mem, memory_temperature, vram_total.');
});

test('units may stand in the cells, and further partitions of a card are left out', () => {
  const units = SAMPLE.replace('612', '612 W').replace('2100', '2100 MHz').replaceAll('180000', '180000 MB');
  expect([...parse(units).rows]).toEqual([...parse(SAMPLE).rows]);
  const parted = 'timestamp,gpu,xcp,power_usage,gfx\n1795342500,0,0,600,5\n1795342500,0,1,600,9\n';
  expect([...parse(parted).rows].map(r => r.utilization_pct)).toEqual([5]);
  expect(parse(parted).warnings).toEqual(['Line 3: a partition beside the first of its card was left out.']);
});

test.each([
  ['no times', SAMPLE.replaceAll(/^(?:timestamp|17\d+),/gm, ''), 'a.csv, line 1: the samples carry no times'],
  ['a word', SAMPLE.replace('612', 'much'), 'a.csv, line 2, field power_usage: "much" is not an amount.'],
  ['no number of a GPU', SAMPLE.replace(',0,612', ',x,612'), 'a.csv, line 2, field gpu: "x" is not the number of a GPU.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
