import { describe, expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import { topScalars } from './json-scalars.ts';
import { WarningCounter } from './warning-counter.ts';

const DOCUMENT =
  '{"rate": "inf", "p99.9_ms": 1.5, "ok": true, "none": null, "nan": NaN, "list": [1, {"rate": 2}], "deep": {"rate": 3}, "last": 4}';
const read = (text: string | Iterable<string>, counter = new WarningCounter('document')) => topScalars(text, 'f', counter);
const EXPECTED = { rate: 'inf', 'p99.9_ms': 1.5, ok: true, last: 4 };

describe('the scalars at the top of a document', () => {
  test('are read by their keys, and nothing deeper is', () => expect(read(DOCUMENT)).toEqual(EXPECTED));
  test('do not depend on how the file is cut into pieces', () => {
    for (const size of [1, 7, 100]) expect(read(DOCUMENT.match(new RegExp(`.{1,${size}}`, 'gs'))!)).toEqual(EXPECTED);
  });
  test('of a file that ends early are those before its end, and that is said', () => {
    const counter = new WarningCounter('document');
    expect(read(DOCUMENT.slice(0, 40), counter)).toEqual({ rate: 'inf', 'p99.9_ms': 1.5 });
    expect(counter.sentences()).toHaveLength(1);
  });
  test.each(['', 'nothing', '{"a": ]x}', '7', '{"a": 1} {"a": 2}'])('%j is refused in a sentence', text =>
    expect(() => read(text)).toThrow(ForensicsError),
  );
});
