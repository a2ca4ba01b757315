import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import jmeterJtl from './importer.ts';

/** Invented values under the default headings. */
const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
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
