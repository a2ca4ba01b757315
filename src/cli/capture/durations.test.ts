import { expect, test } from 'vitest';
import { count, duration, interval, positiveDuration } from './durations.ts';

test.each([
  ['300', 300],
  ['0', 0],
  ['1.5', 1.5],
  ['500ms', 0.5],
  ['90s', 90],
  ['10m', 600],
  ['10min', 600],
  ['1h', 3600],
  [' 2 s ', 2],
])('%s is %d seconds', (text, seconds) => expect(duration(text)).toBeCloseTo(seconds, 9));

test.each(['', 's', '-1', '1d', '1,5', 'ten', '1e3', '1h30m', 'NaN', '9999h'])('%s is no length of time', text => {
  expect(() => duration(text)).toThrow('It must be a time such as');
});

test('a window lasts longer than nothing', () => {
  expect(positiveDuration('0.1')).toBe(0.1);
  expect(() => positiveDuration('0')).toThrow('more than 0');
});

test.each([
  ['100', 100],
  ['100ms', 100],
  ['0.5s', 500],
  ['10', 10],
  ['60s', 60_000],
])('an interval of %s is %d ms', (text, ms) => expect(interval(text)).toBeCloseTo(ms, 9));
test.each(['9', '0', '61s', 'often', ''])('an interval of %s is refused', text => expect(() => interval(text)).toThrow());

test('a count is a whole number from 1', () => {
  expect([count('1'), count('6'), count('9999')]).toEqual([1, 6, 9999]);
  for (const text of ['0', '-1', '1.5', '10000', 'two', '']) expect(() => count(text)).toThrow('whole number');
});
