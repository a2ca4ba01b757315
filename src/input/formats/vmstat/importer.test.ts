import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import vmstat from './importer.ts';

/** The layout of vmstat -t with invented values. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => vmstat.parse(text, 'v.txt');

test('rates become counters, queues stay as they are, and repeated headers are no samples', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'epoch', uncertainty_ms: 1000 }, warnings: [] });
  expect(series.rows.map(row => [row.t_ms, row.procs_running, row.procs_blocked])).toEqual([
    [0, 1, 1],
    [1000, 3, 0],
    [3000, 4, 2],
    [4000, 1, 0],
  ]);
  // By hand: 156 for 1 s and 2566 for 2 s; blocks of 2 sectors; 8 KiB/s for 2 s are 4 pages; 8 % of one CPU for 2 s are 16 ticks.
  expect(series.rows[2]).toMatchObject({
    context_switches: 5288,
    disk_read_sectors: 225248,
    disk_write_sectors: 104968,
    swap_in_pages: 4,
    swap_out_pages: 20,
    cpu_user_ticks: 16,
    cpu_idle_ticks: 261,
    major_faults: null,
    mem_available_kib: null,
  });
});

test('a zone that is not UTC is no zone, since its name is not unique', () => {
  expect(parse(SAMPLE.replaceAll('UTC', 'CST')).clock).toEqual({ kind: 'zoneless', uncertainty_ms: 1000 });
});

test.each([
  [
    'no times',
    SAMPLE.replaceAll(/ 2026-.*/g, '').replaceAll(/ +UTC/g, ''),
    'v.txt, line 3: the samples carry no times, so none can be placed.',
  ],
  ['a word', SAMPLE.replace('2566', 'many'), 'v.txt, line 5, field cs: "many" is not an amount.'],
  ['a value too few', SAMPLE.replace('2566', ''), 'v.txt, line 5: the line has 16 values, but the header has 17.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
