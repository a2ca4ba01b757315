import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import perfStat from './importer.ts';

/** Invented values in the layout of perf. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => perfStat.parse(text, 'p.txt');
const of = (text: string, metric: string) =>
  parse(text)
    .rows.filter(row => row.metric === metric)
    .map(row => [row.t_ms, row.entity, row.value, row.unit, row.nature]);

test('amounts of intervals add up to counters; what was not counted is missing', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'zoneless', uncertainty_ms: 1000 }, origin_ns: 1_795_342_501_001_052_831n });
  expect(of(SAMPLE, 'power/energy-pkg/')).toEqual([
    [0, 'host', 210.25, 'J', 'counter'],
    [1001, 'host', 422.75, 'J', 'counter'],
    [2002, 'host', 623, 'J', 'counter'],
  ]);
  expect(of(SAMPLE, 'cycles').map(([, , value]) => value)).toEqual([3.2e9, 6.3e9]);
  expect(series.warnings).toEqual(['Line 7: an event was not counted in this interval ("cycles").']);
});

test('without -o there is no date, and the times are relative', () =>
  expect(parse(SAMPLE.slice(SAMPLE.indexOf('#  '))).clock).toEqual({ kind: 'relative' }));

test('sockets stay apart', () => {
  const text =
    '#           time socket cpus             counts unit events\n     1.0 S0       16             100.5 Joules power/energy-pkg/\n     1.0 S1       16             90.25 Joules power/energy-pkg/\n';
  expect(of(text, 'power/energy-pkg/')).toEqual([
    [0, 'socket 0', 100.5, 'J', 'counter'],
    [0, 'socket 1', 90.25, 'J', 'counter'],
  ]);
});

test.each([
  ['a word', SAMPLE.replace('212.50', 'much'), 'p.txt, line 6: "2.002052831             much'],
  ['no interval', SAMPLE.split('\n').slice(0, 3).join('\n'), 'p.txt: the file holds nothing that can be used.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));

test('-x is the same, parted by what it was given', () => {
  const line = (...cells: readonly string[]) => `     ${cells.join(';')}\n`;
  const text = [
    line('1.001052831', 'S0', '1', '210.25', 'Joules', 'power/energy-pkg/', '1001052831', '100.00', '', ''),
    line('1.001052831', 'S0', '1', '<not counted>', '', 'cycles', '0', '0.00', '', ''),
    line('2.002052831', 'S0', '1', '212.50', 'Joules', 'power/energy-pkg/', '1001000000', '100.00', '', ''),
  ].join('');
  expect(perfStat.sniff(text)).toBe(true);
  const { rows, warnings } = parse(text);
  expect(rows.map(row => [row.entity, row.metric, row.unit, row.value])).toEqual([
    ['socket 0', 'power/energy-pkg/', 'J', 210.25],
    ['socket 0', 'power/energy-pkg/', 'J', 422.75],
  ]);
  expect(warnings.join(' ')).toContain('an event was not counted in this interval');
});
