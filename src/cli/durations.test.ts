import { expect, test } from 'vitest';
import { duration, interval, offset, positiveDuration } from './durations.ts';

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

test.each([
  ['250', 250],
  ['-250', -250],
  ['1e3', 1000],
  ['+1.5s', 1500],
  ['-2m', -120_000],
])('an offset of %s is %d ms', (text, ms) => expect(offset(text)).toBeCloseTo(ms, 9));
test.each(['', '-', 'soon', '1d', '--1'])('%s is no offset', text => expect(() => offset(text)).toThrow('such as'));
