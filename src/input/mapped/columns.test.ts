import { expect, test } from 'vitest';
import { parseColumns } from './columns.ts';

test('fields, columns and units are read', () =>
  expect([...parseColumns('start=sent at:ms, duration=a:b,output_tokens=n')]).toEqual([
    ['start', { column: 'sent at', unit: 'ms' }],
    ['duration', { column: 'a:b', unit: undefined }],
    ['output_tokens', { column: 'n', unit: undefined }],
  ]));
test.each([
  ['', 'has an empty part'],
  ['start', 'names no column'],
  ['start=', 'names no column'],
  ['begin=a,end=b', 'begin, which is no field'],
  ['start=a,start=b,end=c', 'start twice'],
  ['end=a', 'the start of a request'],
  ['start=a', 'neither which column holds the end nor which the duration'],
])('%j is refused', (text, words) => expect(() => parseColumns(text)).toThrow(words));
