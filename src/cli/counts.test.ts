import { expect, test } from 'vitest';
import { count } from './counts.ts';

test('a count is a whole number from 1', () => {
  expect([count('1'), count('6'), count('9999')]).toEqual([1, 6, 9999]);
  for (const text of ['0', '-1', '1.5', '10000', 'two', '']) expect(() => count(text)).toThrow('whole number');
});
