import { describe, expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import { jsonValues } from './json-values.ts';
import { WarningCounter } from './warning-counter.ts';

const DOCUMENT =
  '{"date": "x", "p99": NaN, "note": "NaN", "requests": [{"a": 1}, {"a": -Infinity}, {"a": [1, 2]}], "deep": {"rate": 3, "other": 4}}';
const PATHS = ['$.date', '$.p99', '$.note', '$.requests.*', '$.deep.rate'];
const read = (text: string | Iterable<string>, counter = new WarningCounter()) => [...jsonValues(text, 'f', PATHS, counter)];
const EXPECTED = [
  { path: ['date'], value: 'x' },
  { path: ['p99'], value: null },
  { path: ['note'], value: 'NaN' },
  { path: ['requests', 0], value: { a: 1 } },
  { path: ['requests', 1], value: { a: null } },
  { path: ['requests', 2], value: { a: [1, 2] } },
  { path: ['deep', 'rate'], value: 3 },
];

describe('values of a JSON document', () => {
  test('come in the order of the file, with what Python writes for missing numbers', () =>
    expect(read(`\ufeff${DOCUMENT}\n`)).toEqual(EXPECTED));
  test('do not depend on how the file is cut into pieces', () => {
    for (const size of [1, 7, 64, 65, 1000]) {
      const parts = DOCUMENT.match(new RegExp(`.{1,${size}}`, 'gs')) ?? [];
      expect(read(parts)).toEqual(EXPECTED);
    }
  });
  test('of a file that ends early are those before its end', () => {
    const counter = new WarningCounter();
    expect(read(DOCUMENT.slice(0, DOCUMENT.indexOf('-Inf')), counter)).toEqual(EXPECTED.slice(0, 4));
    expect(counter.sentences()).toHaveLength(1);
  });
  test.each(['nothing', '{"date": 1]', '{} {}'])('%s is refused in a sentence', text => {
    expect(() => read(text)).toThrow(ForensicsError);
  });
  test('are as deep as tools write them; deeper ones are refused at once, brackets in texts do not count', () => {
    const nested = (levels: number) => `{"date": ${'['.repeat(levels)}"${'['.repeat(100)}"${']'.repeat(levels)}}`;
    expect(read(nested(63))).toHaveLength(1);
    expect(() => read(nested(64))).toThrow('f: it nests more than 64 levels deep, deeper than any file that is read here.');
    expect(() => read('[{"a":'.repeat(200_000))).toThrow('more than 64 levels');
  });
});
