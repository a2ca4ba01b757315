import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import turbostat from './importer.ts';

/** Invented values in the layout of turbostat. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => turbostat.parse(text, 't.txt');
const of = (text: string, metric: string) => parse(text).rows.filter(row => row.metric === metric);

test('the line of all CPUs is read, single ones are not', () => {
  expect(parse(SAMPLE)).toMatchObject({ kind: 'samples', clock: { kind: 'epoch' }, origin_ns: 1_795_342_501_125_000_000n });
  expect(of(SAMPLE, 'PkgWatt')).toEqual([
    { t_ms: 0, entity: 'CPU', metric: 'PkgWatt', unit: 'W', value: 210.25, nature: 'average', window_ms: null },
    { t_ms: 1000, entity: 'CPU', metric: 'PkgWatt', unit: 'W', value: 212.5, nature: 'average', window_ms: 1000 },
  ]);
  expect(of(SAMPLE, 'PkgTmp').map(row => [row.value, row.nature])).toEqual([
    [55, 'gauge'],
    [56, 'gauge'],
  ]);
  expect(parse(SAMPLE).limits.at(-1)).toBe('In the file, but not read: IRQ.');
});

test('--Summary has no columns of CPUs', () => {
  const summary = 'Time_Of_Day_Seconds Avg_MHz Busy% Bzy_MHz\n1795342501.125 812 25.10 3200\n';
  expect(of(summary, 'Busy%')).toHaveLength(1);
});

test.each([
  ['no times', SAMPLE.replaceAll(/^(?:Time_Of_Day_Seconds|17\d+\.\d+)\t/gm, ''), 't.txt, line 2: the samples carry no times'],
  ['a word', SAMPLE.replace('25.10', 'busy'), 't.txt, line 3, field Busy%: "busy" is not an amount.'],
  ['a value too few', SAMPLE.replace('\t812', ''), 't.txt, line 3: the line has 10 values, but its header has 11.'],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
