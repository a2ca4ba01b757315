import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import iostatText from './importer.ts';

/** The layout of iostat -x -t with invented values. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => iostatText.parse(text, 'i.txt');

test('rates become counters over both disks, and the first report is a start only', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'zoneless', uncertainty_ms: 1000 }, warnings: [] });
  expect(series.rows.map(row => row.t_ms)).toEqual([0, 2000, 3000]);
  expect(series.rows[0]).toMatchObject({ cpu_user_ticks: 0, disk_reads: 0 });
  // By hand: 10 % of 4 CPUs for 2 s; 110 reads/s for 2 s; 6440 kB/s are 12,880 sectors/s; 100 x 0.25 + 10 x 0.1 ms/s; 21 % of 2 s.
  expect(series.rows[1]).toMatchObject({
    cpu_user_ticks: 80,
    disk_reads: 220,
    disk_read_sectors: 25760,
    disk_read_ms: 52,
    disk_write_sectors: 3200,
    disk_io_ms: 420,
  });
  expect(series.rows[2]).toMatchObject({ disk_writes: 108, disk_io_ms: 428 });
});

test('a last report without its last disk is left out', () => {
  const cut = parse(SAMPLE.slice(0, SAMPLE.lastIndexOf('nvme1n1')));
  expect(cut.rows).toHaveLength(2);
  expect(cut.warnings).toEqual(['Line 21: the file ends in the middle of this report, which was left out.']);
});

test('a file without the banner does not tell the number of CPUs', () => {
  const series = parse(SAMPLE.split('\n').slice(2).join('\n'));
  expect(series.rows[1]?.cpu_user_ticks).toBe(20);
  expect(series.limits.join()).toContain('those of an average one');
});

test.each([
  ['no times', SAMPLE.replaceAll(/^11\/22.*\n/gm, ''), 'i.txt, line 4: the samples carry no times, so none can be placed.'],
  ['a word', SAMPLE.replace('100.00', 'much'), 'i.txt, line 17, field r/s: "much" is not an amount.'],
  ['a value too few', SAMPLE.replace('100.00', ''), 'i.txt, line 17: the line has 13 values, but its header has 14.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
