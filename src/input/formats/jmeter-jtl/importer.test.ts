import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '#test/thorough';
import { epochMs } from '#test/valid-values';
import jmeterJtl from './importer.ts';

/** Invented values under the default headings. */
const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const HEADER = SAMPLE.split('\n')[0] ?? '';
const parse = (text: string) => jmeterJtl.parse(text, 'j.jtl');

test('each row is a request, from its start; its success is what JMeter says', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: 1_795_342_500_000_000_000n, warnings: [] });
  expect(series.rows.map(r => [r.arrival_ms, r.finish_ms, r.status])).toEqual([
    [0, 125, 'ok'],
    [100, 350, 'failed'],
    [225, 300, 'ok'],
  ]);
  expect(series.limits.join(' ')).toContain('sampleresult.timestamp.start=true');
});

test.each([
  [
    'a date',
    SAMPLE.replace('1795342500000', '2026/11/22 10:15:00'),
    'j.jtl, line 2, field timeStamp: "2026/11/22 10:15:00" is no time in milliseconds',
  ],
  ['a negative time', SAMPLE.replace(',250,', ',-250,'), 'j.jtl, line 3, field elapsed: "-250" is not a number'],
  ['neither true nor false', SAMPLE.replace('false', 'no'), 'j.jtl, line 3, field success: "no" is neither true nor false.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));

test('what a writer of the layout writes is read back', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(epochMs, fc.nat(60_000), fc.boolean()), { minLength: 1, maxLength: 8 }), requests => {
      const lines = requests.map(([at, ms, ok]) => `${at},${ms},x,200,"a, b",T 1-1,text,${ok},,1,1,1,1,http://x,1,0,1`);
      const { rows, origin_ns } = parse(`${HEADER}\n${lines.join('\n')}\n`);
      const since = (ms: number | null) => Number(origin_ns / 1_000_000n) + (ms ?? Number.NaN);
      const read = rows.map(r => [since(r.arrival_ms), since(r.finish_ms), r.status === 'ok'].join());
      expect(read.sort()).toEqual(requests.map(([at, ms, ok]) => [at, at + ms, ok].join()).sort());
    }),
    runs(50),
  ));
