import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import sarText from './importer.ts';

/** The layout of sysstat 12 with invented values. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => sarText.parse(text, 's.txt');

test('activities are put together by time, each from the start of its day', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'zoneless' }, warnings: [] });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 23, 59, 50)) * 1_000_000n);
  // By hand: 12.5 % of 4 CPUs for 10 s are 500 ticks; 500 kB/s for 10 s are 10,000 sectors; 2 % of 10 s are 200 ms.
  expect(
    series.rows.map(r => [r.t_ms, r.cpu_user_ticks, r.context_switches, r.mem_available_kib, r.disk_read_sectors, r.disk_io_ms]),
  ).toEqual([
    [0, 0, 0, null, 0, 0],
    [10_000, 500, 2500, 2_500_000, 10_000, 200],
    [20_000, 1500, 7500, 2_400_000, 30_000, 600],
  ]);
  expect(series.limits.at(-1)).toBe('In the file, but not read: %memused, kbmemfree, kbmemused, proc/s.');
});

test('what is of network cards is no part of a host, and named', () => {
  const cards = '11:59:50 PM IFACE rxpck/s rxkB/s\n12:00:00 AM eth0 1.00 2.00\n';
  expect(parse(`${SAMPLE}\n${cards}`).limits.at(-1)).toContain('lines of IFACE');
});

test.each([
  ['a word', SAMPLE.replace('12.50', 'much'), 's.txt, line 4, field %user: "much" is not an amount.'],
  ['a value too few', SAMPLE.replace('12.50 ', ''), 's.txt, line 4: the line has 6 values, but its header has 7.'],
  ['headers alone', SAMPLE.split('\n').slice(0, 3).join('\n'), 's.txt: the file holds no complete sample.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
