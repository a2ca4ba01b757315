import { expect, test } from 'vitest';
import { byteAt, columnAt, intAt, itemAt, realAt, valueAt } from './columns.ts';

test('a value that is there is given', () => {
  expect([realAt(Float64Array.of(1.5), 0), intAt(Int32Array.of(-2), 0), byteAt(Uint8Array.of(3), 0), valueAt([4], 0)]).toEqual([
    1.5, -2, 3, 4,
  ]);
  expect([columnAt(Int32Array.of(5), 0), itemAt(['six'], 0)]).toEqual([5, 'six']);
});
test.each([-1, 1, 0.5, Number.NaN])('index %s of one value throws', index => {
  const reads = [
    () => realAt(new Float64Array(1), index),
    () => intAt(new Int32Array(1), index),
    () => byteAt(new Int8Array(1), index),
    () => valueAt([0], index),
    () => columnAt(new Float64Array(1), index),
    () => itemAt([0], index),
  ];
  for (const read of reads) expect(read).toThrow(RangeError);
});
test('neither a column nor a list that is missing has a value', () => {
  expect(() => realAt(undefined, 0)).toThrow('index 0 of a column of no values');
  expect(() => itemAt(undefined, 0)).toThrow('index 0 of a list of no items');
});
