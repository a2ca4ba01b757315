import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import ipmitoolDcmi from './importer.ts';

/** Invented values in the layout of ipmitool. */
const SAMPLE = readFileSync(new URL('sample.txt', import.meta.url), 'utf8');
const parse = (text: string) => ipmitoolDcmi.parse(text, 'i.txt');

test('each block is a reading of the whole machine', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'zoneless', uncertainty_ms: 1000 }, origin_ns: 1_795_342_500_000_000_000n, warnings: [] });
  expect(series.rows.map(row => [row.t_ms, row.entity, row.metric, row.value, row.unit])).toEqual([
    [0, 'wall', 'power', 1520, 'W'],
    [1000, 'wall', 'power', 1610, 'W'],
  ]);
});

test('older versions write the date as month, day and year, with the period behind', () => {
  const older = SAMPLE.replace(/Sun Nov 22 (\S+) 2026\n +/g, '11/22/26 $1 UTC    ');
  expect(parse(older).rows).toEqual(parse(SAMPLE).rows);
});

test.each([
  ['no power', SAMPLE.replace('1520 Watts', 'none'), 'i.txt, line 3, field Instantaneous power reading: "none" is not a power.'],
  [
    'no time',
    SAMPLE.replace('Sun Nov 22 10:15:00 2026', 'Unspecified'),
    'i.txt, line 7, field IPMI timestamp: "Unspecified" is not a time.',
  ],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
