import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import nodeExporter from './importer.ts';

/** Invented values under the names of node_exporter. */
const SAMPLE = readFileSync(new URL('sample.prom', import.meta.url), 'utf8');
const parse = (text: string) => nodeExporter.parse(text, 'n.prom');

test('seconds of all CPUs become ticks, bytes of whole disks become sectors', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'epoch' }, origin_ns: 1_795_342_500_000_000_000n, warnings: [] });
  expect(
    series.rows.map(r => [
      r.t_ms,
      r.cpu_user_ticks,
      r.cpu_idle_ticks,
      r.context_switches,
      r.disk_read_sectors,
      r.mem_available_kib,
      r.procs_blocked,
    ]),
  ).toEqual([
    [0, 30_050, 210_100, 5_000_000, 2000, 1_048_576, 0],
    [5000, 30_450, 210_700, 5_000_500, 4000, 1_048_576, 2],
  ]);
});

test('one scrape without a time is relative; two are refused', () => {
  const one = SAMPLE.slice(0, SAMPLE.lastIndexOf('# 2026')).replace(/^# 2026.*\n/, '');
  expect(parse(one)).toMatchObject({ clock: { kind: 'relative' }, rows: [{ cpu_user_ticks: 30_050 }] });
  expect(() => parse(one + one)).toThrow('n.prom, line 16: the file holds several scrapes, and no times');
});

test('a last scrape that has less than the first is left out', () => {
  const cut = parse(SAMPLE.slice(0, SAMPLE.lastIndexOf('node_procs_blocked')));
  expect(cut.rows).toHaveLength(1);
  expect(cut.warnings).toEqual(['Line 16: the file may end in the middle of this scrape, which was left out.']);
});

test.each([
  ['a line that is none', SAMPLE.replace('200.25', 'many'), 'n.prom, line 5: "node_cpu_seconds_total'],
  [
    'two machines',
    'node_procs_running{instance="a"} 1\nnode_procs_running{instance="b"} 1\n',
    'n.prom, line 2: the file tells of several machines.',
  ],
  ['nothing of a host', 'node_load1 0.5\n', 'n.prom: it holds none of the counters of a host.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
