import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import mpstatJson from './importer.ts';

/** The layout of mpstat -P ALL -o JSON with invented values. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => mpstatJson.parse(text, 'm.json');

test('shares of all CPUs become ticks, over midnight', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'zoneless', uncertainty_ms: 1000 }, warnings: [] });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 23, 59, 58)) * 1_000_000n);
  // By hand: 8 % of 2 CPUs for 1 s are 16 ticks; then 2.5 % for 2 s are 10 more.
  expect(series.rows.map(row => [row.t_ms, row.cpu_user_ticks, row.cpu_system_ticks, row.cpu_iowait_ticks, row.cpu_idle_ticks])).toEqual([
    [0, 0, 0, 0, 0],
    [1000, 16, 14, 8, 162],
    [3000, 26, 46, 8, 520],
  ]);
});

test.each([
  ['a date in another order', SAMPLE.replace('11/22/26', '22.11.2026'), 'm.json, field timestamp: "22.11.2026 23:59:58" is not a time.'],
  ['a share that is none', SAMPLE.replace('"usr": 8.0', '"usr": "much"'), 'm.json, field sysstat.hosts.0.statistics.1.cpu-load.0.usr'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
