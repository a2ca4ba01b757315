import { expect, test } from 'vitest';
import { BrokenJson, jsonItems } from './json-items.ts';

const DOCUMENT = '{"a": [1, {"b": "]}"}], "traceEvents": [ {"n": "ü{\\"[", "x": {"y": [1]}},\n {} ], "z": "t, }"}\n';
const read = (text: string, size = 1000) => {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  return [...jsonItems(pieces)];
};

test('a document falls into its events and its other members, with their places', () => {
  const items = read(DOCUMENT);
  expect(items.map(i => [i.kind, i.text.trim()])).toEqual([
    ['member', '"a": [1, {"b": "]}"}]'],
    ['event', '{"n": "ü{\\"[", "x": {"y": [1]}}'],
    ['event', '{}'],
    ['member', '"z": "t, }"'],
  ]);
  for (const { text, at } of items)
    expect(
      Buffer.from(DOCUMENT)
        .subarray(at, at + Buffer.byteLength(text))
        .toString(),
    ).toBe(text);
});
test.each([1, 2, 3, 7])('however it is cut into pieces: of %i bytes', size => expect(read(DOCUMENT, size)).toEqual(read(DOCUMENT)));
test('one that ends early is broken, wherever it ends', () => {
  for (let end = 0; end < DOCUMENT.trimEnd().length; end++) expect(() => read(DOCUMENT.slice(0, end))).toThrow(BrokenJson);
});
test.each([
  ['more after its end', `${DOCUMENT}{}`, 'more follows after its end'],
  ['an entry that is none', '{"traceEvents": [{}, 5]}', 'an entry is no event'],
  ['brackets that were not opened', '}', 'a bracket closes what was never opened'],
])('%s is said', (_, text, why) => expect(() => read(text)).toThrow(why));
