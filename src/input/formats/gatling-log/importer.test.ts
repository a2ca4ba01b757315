import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '#test/thorough';
import { epochMs } from '#test/valid-values';
import gatlingLog from './importer.ts';

/** Invented values in the layout of 3.9. */
const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const parse = (text: string) => gatlingLog.parse(text, 'g.log');
const times = (text: string) => parse(text).rows.map(r => [r.arrival_ms, r.finish_ms, r.status]);

test('each REQUEST is one, OK or KO', () =>
  expect(times(SAMPLE)).toEqual([
    [0, 125, 'ok'],
    [90, 220, 'failed'],
    [140, 390, 'ok'],
  ]));

test('up to 3.3 the number of a user stands first', () =>
  expect(times(SAMPLE.replaceAll('REQUEST\t', 'REQUEST\t7\t'))).toEqual(times(SAMPLE)));

test.each([
  ['an end before the start', SAMPLE.replace('1795342500135', '1795342500000'), 'g.log, line 3: "REQUEST'],
  ['no request', SAMPLE.replace(/^REQUEST.*\n/gm, ''), 'g.log: the file holds no complete request.'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));

test('what a writer of the layout writes is read back', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(epochMs, fc.nat(60_000), fc.boolean()), { minLength: 1, maxLength: 8 }), requests => {
      const lines = requests.map(([at, ms, ok]) => `REQUEST\t\tx\t${at}\t${at + ms}\t${ok ? 'OK' : 'KO'}\t `);
      const { rows, origin_ns } = parse(`RUN\ta.B\tb\t1\t \t3.9\n${lines.join('\n')}\n`);
      const since = (ms: number | null) => Number(origin_ns / 1_000_000n) + (ms ?? Number.NaN);
      const read = rows.map(r => [since(r.arrival_ms), since(r.finish_ms), r.status === 'ok'].join());
      expect(read.sort()).toEqual(requests.map(([at, ms, ok]) => [at, at + ms, ok].join()).sort());
    }),
    runs(50),
  ));
