import { describe, expect, test } from 'vitest';
import { jsonError } from './json-error.ts';
import { topScalars } from './json-scalars.ts';
import { WarningCounter } from './warning-counter.ts';

describe('a text that is no JSON is told by line and column', () => {
  test.each<[string, string, string]>([
    ['a decimal comma', '{"median_ttft":1,0625}', '1:18 "0625" stands where a name in quotes belongs; JSON writes decimals with a point'],
    ['a decimal comma in a list', '{"itl": [1,5, 2 3]}', '1:17 "3" stands where a comma or \']\' belongs'],
    [
      'a second document',
      '{"a":1}\n{"a":2}\n',
      '2:1 more follows after the end of its document, as where two results were written to one file',
    ],
    ['a missing comma', '{"a":1,\n  "b" 2}', '2:7 "2" stands where a colon belongs'],
    ['a comma too many', '[1,\n2,]', '2:3 "]" stands where a value belongs'],
    ['a name without quotes', '{a:1}', '1:2 "a" stands where a name in quotes belongs'],
    ['a number that is none', '{"a":01}', '1:6 "01" stands where a value belongs'],
    ['a word', '{"a":nothing}', '1:6 "nothing" stands where a value belongs'],
    ['an end in the middle', '{"a":[1', '1:8 it ends in the middle'],
    ['an end in a text', '{"a":"b', '1:8 it ends inside of a text in quotes'],
    ['a line break in a text', '{"a":"b\n"}', '1:8 a line or a tab ends inside of a text in quotes'],
    ['nothing', '', '1:1 it ends in the middle'],
  ])('%s', (_, text, told) => {
    const error = jsonError(text, true);
    expect(`${error?.line}:${error?.column} ${error?.what}`).toBe(told);
    expect(jsonError([...text], true)).toEqual(error);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });
  test('and one that is has no such place', () => {
    for (const text of ['{"a":[1,-2.5e-3,"\\"x\\\\",{}],"b":null}', '[]', '7', '"\\u00e9"', ' {"a" : true } \n']) {
      expect(jsonError(text, false)).toBeUndefined();
      expect(() => JSON.parse(text)).not.toThrow();
    }
    expect(jsonError('{"a":NaN,"b":-Infinity}', true)).toBeUndefined();
    expect(jsonError('{"a":NaN}', false)?.what).toContain('a value');
  });
});

test('the scalars of a document with a decimal comma are refused, not read as two numbers', () => {
  expect(() => topScalars('{"duration": 10,\n"median_ttft_ms":1,0625}', 'v.json', new WarningCounter())).toThrow(
    'v.json: it is not a JSON document (line 2, column 20: "0625" stands where a name in quotes belongs; JSON writes decimals with a point).',
  );
});
