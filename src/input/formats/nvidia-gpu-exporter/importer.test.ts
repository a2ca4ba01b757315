import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import nvidiaGpuExporter from './importer.ts';

/** Invented values under the names of the exporter. */
const SAMPLE = readFileSync(new URL('sample.prom', import.meta.url), 'utf8');
const parse = (text: string) => nvidiaGpuExporter.parse(text, 'g.prom');
const rowsOf = (text: string) => [...parse(text).rows].map(r => [r.t_ms, r.gpu, r.power_w]);

test('a card is its uuid, and its number is what the exporter says', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'gpu', clock: { kind: 'epoch' }, origin_ns: 1_795_342_500_000_000_000n });
  expect(rowsOf(SAMPLE)).toEqual([
    [0, 0, 420.5],
    [0, 1, 90.25],
    [5000, 0, 430.5],
    [5000, 1, 91.25],
  ]);
  expect(rowsOf(SAMPLE.replace('a1"} 0', 'a1"} 7'))[1]).toEqual([0, 7, 420.5]);
  expect(series.rows.at(0)).toMatchObject({
    name: 'NVIDIA H100',
    sm_clock_mhz: 1980,
    utilization_pct: 50,
    memory_used_mib: 1000,
    temperature_c: 61,
  });
});

test('without numbers the order of uuids is one, and said to be', () => {
  const series = parse(SAMPLE.replaceAll(/^nvidia_smi_index.*\n/gm, ''));
  expect([...series.rows].map(r => r.power_w)).toEqual([420.5, 90.25, 430.5, 91.25]);
  expect(series.limits.join(' ')).toContain('numbered in the order of their uuid');
});

test.each([
  ['two scrapes without times', SAMPLE.replaceAll(/^# 2026.*\n/gm, ''), 'g.prom, line 13: the file holds several scrapes, and no times'],
  ['a line that is none', SAMPLE.replace('420.5', 'much'), 'g.prom, line 4: "nvidia_smi_power_draw_watts'],
  ['no reading', 'nvidia_smi_fan_speed_ratio{uuid="a"} 0.5\n', 'g.prom: the file holds no complete sample.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
