import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import gpustatJson from './importer.ts';

/** Invented values in the layout of gpustat. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => gpustatJson.parse(text, 'g.json');

test('each document is a reading of each GPU; null is missing', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'gpu', clock: { kind: 'zoneless' }, origin_ns: 1_795_342_500_125_000_000n });
  expect([...series.rows].map(r => [r.t_ms, r.gpu, r.power_w, r.utilization_pct, r.memory_used_mib, r.temperature_c])).toEqual([
    [0, 0, 420, 90, 70_000, 44],
    [0, 1, null, 0, 4, 41],
    [1125, 0, 431, 95, 70_100, 45],
  ]);
  expect(series.limits.at(-1)).toBe('In the file, but not read: memory.total, processes.');
});

test('a last document that is cut off is left out', () =>
  expect(parse(SAMPLE.slice(0, -100)).warnings.join(' ')).toContain('the file ends in the middle of this reading'));

test.each([
  ['a wrong type', SAMPLE.replace('420', '"much"'), 'g.json, field 0.gpus.0.power.draw: "much"'],
  ['no time', SAMPLE.replace('2026-11-22T10:15:00.125000', 'now'), 'g.json, field 0.query_time: "now" is not a local time.'],
  ['no reading', '{"query_time": "2026-11-22T10:15:00", "gpus": []}', 'g.json: the file holds no complete sample.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
