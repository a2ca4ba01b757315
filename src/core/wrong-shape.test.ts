import { expect, test } from 'vitest';
import { z } from 'zod';
import { wrongShape } from './wrong-shape.ts';

const said = (schema: z.ZodType, value: unknown) => wrongShape(schema.safeParse(value).error?.issues[0]);

test.each<readonly [string, z.ZodType, unknown, string]>([
  ['a word for a number', z.number(), 'x', 'it must be a number'],
  ['a fraction for a whole number', z.int(), 1.5, 'it must be a whole number'],
  ['a number for a text', z.string(), 1, 'it must be a text'],
  ['a list for an object', z.object({}), [], 'it must be an object'],
  ['nothing for a list', z.array(z.number()), undefined, 'it must be a list'],
  ['too small a number', z.number().min(1), 0, 'it must be 1 or more'],
  ['no positive number', z.number().positive(), 0, 'it must be more than 0'],
  ['too large a number', z.number().max(5), 6, 'it must be 5 or less'],
  ['a list without an entry', z.array(z.number()).min(1), [], 'it must have 1 or more entries'],
  ['an unknown word', z.enum(['a', 'b']), 'c', 'it must be a or b'],
  ['another version', z.literal('v1'), 'v2', 'it must be v1'],
  ['a field too many', z.strictObject({}), { foo: 1 }, 'there is no field foo'],
  ['a text of another form', z.iso.datetime(), 'noon', 'it is not written as it must be'],
  ['neither of two', z.union([z.number(), z.boolean()]), 'x', 'it is not written as it must be'],
  ['words of the schema', z.number().min(0, 'it must be a latency'), -1, 'it must be a latency'],
  ['nothing told', z.number(), 1, 'it is not written as it must be'],
])('%s is told without the words of zod', (_, schema, value, words) => expect(said(schema, value)).toBe(words));
