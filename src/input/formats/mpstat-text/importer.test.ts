import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import mpstatText from './importer.ts';

/** The layout of sysstat 12 with invented values. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => mpstatText.parse(text, 'm.txt');

test('shares of all CPUs become ticks, over midnight; the header tells when the first interval began', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'zoneless', uncertainty_ms: 1000 }, warnings: [] });
  // By hand: 12.5 % of 4 CPUs for 1 s are 50 ticks; 25 % for 2 s are 200 more.
  expect(series.rows.map(r => [r.t_ms, r.cpu_user_ticks, r.cpu_system_ticks, r.cpu_iowait_ticks, r.cpu_idle_ticks])).toEqual([
    [0, 0, 0, 0, 0],
    [1000, 50, 10, 20, 320],
    [3000, 250, 50, 20, 880],
  ]);
  expect(series.limits.join(' ')).toContain('Lines of single CPUs');
});

test('one report without an interval tells of the time since the boot', () => {
  const once = SAMPLE.split('\n').slice(0, 4).join('\n').replace('23:59:59', '23:59:58');
  expect(parse(`${once}\n`).limits.join(' ')).toContain('the time since the boot');
});

test.each([
  ['a word', SAMPLE.replace('12.50', 'much'), 'm.txt, line 4, field %usr: "much" is not an amount.'],
  ['a value too few', SAMPLE.replace('12.50 ', ''), 'm.txt, line 4: the line has 10 values, but its header has 11.'],
  ['headers alone', SAMPLE.split('\n').slice(0, 3).join('\n'), 'm.txt: the file holds no complete sample.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
