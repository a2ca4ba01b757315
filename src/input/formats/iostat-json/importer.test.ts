import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import iostatJson from './importer.ts';

/** The layout of iostat -x -t -o JSON with invented values. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => iostatJson.parse(text, 'i.json');

test('rates become counters: rate times interval, from zero at the first sample, over disks and not what lies over them', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'zoneless', uncertainty_ms: 1000 }, warnings: [] });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 30, 22)) * 1_000_000n);
  expect(series.rows.map(row => row.t_ms)).toEqual([0, 2000, 3000]);
  expect(series.rows[0]).toMatchObject({ cpu_user_ticks: 0, disk_reads: 0, disk_io_ms: 0, context_switches: null });
  // By hand: 10 % of 4 CPUs for 2 s are 80 ticks; 100 reads/s for 2 s; 6400 kB/s are 12,800 sectors/s; 0.25 ms each; 20 % of 2 s.
  expect(series.rows[1]).toMatchObject({
    cpu_user_ticks: 80,
    cpu_system_ticks: 20,
    cpu_idle_ticks: 660,
    cpu_iowait_ticks: 40,
    disk_reads: 200,
    disk_read_sectors: 25600,
    disk_read_ms: 50,
    disk_writes: 100,
    disk_write_sectors: 3200,
    disk_io_ms: 400,
  });
  expect(series.rows[2]).toMatchObject({ cpu_user_ticks: 82, disk_writes: 108, disk_write_sectors: 3328, disk_io_ms: 408 });
  expect(series.limits.join()).toContain('The first sample only says when the others begin');
});

test('a killed run leaves a document without an end, and the samples before it count', () => {
  const cut = parse(SAMPLE.slice(0, SAMPLE.indexOf('"timestamp": "11/22/26 01:30:25"')));
  expect(cut.rows).toHaveLength(2);
  expect(cut.warnings.join()).toContain('the file ends in the middle of the document');
});

test('with S_TIME_FORMAT=ISO the zone is known', () => {
  const iso = SAMPLE.replaceAll(/11\/22\/26 (\d\d:\d\d:\d\d)/g, '2026-11-22T$1+0100');
  expect(parse(iso)).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: BigInt(Date.UTC(2026, 10, 22, 0, 30, 22)) * 1_000_000n });
});

test.each([
  ['no times', SAMPLE.replaceAll(/"timestamp".*\n/g, ''), 'i.json, field timestamp: the samples carry no times, so none can be placed.'],
  ['the day first', SAMPLE.replaceAll('11/22/26', '22/11/26'), 'i.json, field timestamp: "22/11/26 01:30:22" is not a time.'],
  ['no number of CPUs', SAMPLE.replace(/"number-of-cpus".*\n/, ''), 'i.json, field number-of-cpus: it is missing.'],
  ['a word', SAMPLE.replace('"user": 10.0', '"user": "much"'), 'i.json, field sysstat.hosts.0.statistics.1.avg-cpu.user'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
