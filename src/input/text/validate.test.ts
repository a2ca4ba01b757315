import { expect, test } from 'vitest';
import { z } from 'zod';
import { smallJson } from './json-document.ts';
import { validate } from './validate.ts';

const saidOf = (value: unknown) => {
  try {
    validate(z.strictObject({ n: z.number() }), value, { source: 'a.json' }, 'Mend it.');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test('a value of another type is quoted', () => expect(saidOf({ n: 'x' })).toMatch(/^a\.json, field n: "x" is not what belongs here/));
test('a number beyond the largest that can be held is said to be that', () =>
  expect(saidOf(JSON.parse('{"n":1e400}'))).toBe('a.json, field n: it is larger than any number that can be held.'));
test('what a parser quotes of a file stays on one line', () =>
  expect(() => smallJson('{"a":\n:.5,\n"b":1}', 'a.json', 'Mend it.')).toThrow(/^[^\n]+$/));
