import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import sadfCsv from './importer.ts';

/** The layout of sadf -d with invented values. */
const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => sadfCsv.parse(text, 's.csv');

test('rates become counters, each by its own interval', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'epoch', uncertainty_ms: 1000 }, warnings: [] });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 30, 21)) * 1_000_000n);
  // By hand: 176 kB/s are 352 sectors/s; then nothing; then 111,864 sectors/s and 684 ms/s for 2 s; then 20,994 and 932 for 1 s.
  expect(series.rows.map(row => [row.t_ms, row.disk_read_sectors, row.disk_io_ms, row.disk_reads])).toEqual([
    [0, 0, 0, null],
    [1000, 352, 0, null],
    [2000, 352, 0, null],
    [4000, 224080, 1368, null],
    [5000, 245074, 2300, null],
  ]);
});

test('activities of several sections are put together by time', () => {
  const text = [
    '# hostname;interval;timestamp;CPU;%user;%nice;%system;%iowait;%steal;%idle',
    'm;-1;2026-11-22 01:30:20 UTC;LINUX-RESTART\t(4 CPU)',
    'm;10;2026-11-22 01:30:30 UTC;-1;10.00;0.00;5.00;5.00;0.00;80.00',
    '# hostname;interval;timestamp;proc/s;cswch/s',
    'm;10;2026-11-22 01:30:30 UTC;1.00;250.00',
    '# hostname;interval;timestamp;runq-sz;plist-sz;ldavg-1;ldavg-5;ldavg-15;blocked',
    'm;10;2026-11-22 01:30:30 UTC;3;99;1.31;1.28;0.72;2',
    '# hostname;interval;timestamp;%sio-10;%sio-60;%sio-300;%sio;%fio-10;%fio-60;%fio-300;%fio',
    'm;10;2026-11-22 01:30:30 UTC;0.58;0.75;0.73;7.50;0.57;0.36;0.37;7.00',
    '',
  ].join('\n');
  const series = parse(text);
  expect(series.rows).toHaveLength(2);
  expect(series.rows[1]).toMatchObject({
    t_ms: 10000,
    cpu_user_ticks: 400,
    context_switches: 2500,
    procs_running: 3,
    procs_blocked: 2,
    psi_io_some_us: 750000,
  });
  expect(series.warnings).toEqual(['Line 2: a restart or a comment was left out.']);
});

test('a time without one of the disks says nothing of disks', () => {
  const two = `${SAMPLE.slice(0, SAMPLE.indexOf('\n') + 1)}m;1;2026-11-22 01:30:22;vda;1;2;0;0;0;0;0;1\nm;1;2026-11-22 01:30:22;vdb;1;2;0;0;0;0;0;1\nm;1;2026-11-22 01:30:23;vda;1;2;0;0;0;0;0;1\n`;
  const series = parse(two);
  expect(series.clock.kind).toBe('zoneless');
  expect(series.rows.map(row => row.disk_read_sectors)).toEqual([0, 8, null]);
  expect(series.warnings[0]).toBe('Line 4: a disk is missing that was there before, so nothing is said of disks.');
});

test.each([
  ['a word', SAMPLE.replace('55932.00', '5x'), 's.csv, line 4, field rkB/s: "5x" is not an amount.'],
  ['a time that is none', SAMPLE.replace('2026-11-22 01:30:23 UTC', 'noon'), 's.csv, line 3, field timestamp: "noon" is not a time.'],
  ['a field too few', SAMPLE.replace('55932.00;', ''), 's.csv, line 4: the line has 11 fields, but its header has 12.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
