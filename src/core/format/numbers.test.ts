import { expect, test } from 'vitest';
import {
  bytes,
  change,
  count,
  dollars,
  factor,
  gbps,
  interval,
  joules,
  ms,
  msOf,
  percent,
  plain,
  points,
  range,
  rangeWords,
  seconds,
  tenths,
  us,
  wallClock,
  watts,
} from './numbers.ts';

test('numbers keep three to four significant digits and group thousands', () => {
  expect([0, 0.0123, 0.5, 9.994, 9.996, 45.67, 99.96, 412.4, 12_345.6, 1_234_567].map(plain)).toEqual([
    '0',
    '0.012',
    '0.50',
    '9.99',
    '10.0',
    '45.7',
    '100',
    '412',
    '12,346',
    '1,234,567',
  ]);
  expect([-12_345.6, -0.0001, -0].map(plain)).toEqual(['-12,346', '0.000', '0']);
});

test('a share of nothing is not told apart from none by rounding', () => {
  expect([0, 0.0004, -0.0004, 0.043, 0.0996, 0.66, 1].map(percent)).toEqual([
    '0 %',
    '< 0.1 %',
    '> -0.1 %',
    '4.3 %',
    '10 %',
    '66 %',
    '100 %',
  ]);
});

test('ranges and intervals say what is not bounded', () => {
  expect(range(231, 248)).toBe('231–248 ms');
  expect(range(0.4, 0.4)).toBe(ms(0.4));
  expect(interval([245, 316])).toBe('245–316 ms');
  expect(interval([245, null])).toBe('≥ 245 ms (no upper bound)');
});

test('times are exact to the millisecond, whatever the calendar', () => {
  expect(seconds(1_730)).toBe('1.730 s');
  expect(wallClock('1795311782000999999')).toBe('2026-11-22 01:43:02.000 UTC');
  expect(wallClock('-5')).toBe('-5 ns');
  expect(wallClock(`9${'0'.repeat(30)}`)).toBe(`9${'0'.repeat(30)} ns`);
});

test('sizes and counts read as words', () => {
  expect([1, 512, 2_048, 38_178_816, 3 * 1024 ** 3].map(bytes)).toEqual(['1 byte', '512 bytes', '2 KiB', '36.4 MiB', '3 GiB']);
  expect([count(1, 'request'), count(1_200, 'request'), count(2, 'query', 'queries')]).toEqual([
    '1 request',
    '1,200 requests',
    '2 queries',
  ]);
});

test('a small time reads the same wherever it stands', () => {
  expect([ms(0.04), msOf(40_000), us(40)]).toEqual(['0.040 ms', '0.040 ms', '40 µs']);
  expect([rangeWords(0.04, 1.5), rangeWords(12, 12.004)]).toEqual(['0.040 to 1.50 ms', '12 to 12.0 ms']);
  expect(rangeWords(12.001, 12.004)).toBe('12.0 ms');
});

test('shares that are compared keep a tenth, and changes their sign', () => {
  expect([points(0.1204), points(0), points(1)]).toEqual(['12.0 %', '0.0 %', '100.0 %']);
  expect([change(0.043), change(-0.0004), change(0)]).toEqual(['+4.3 %', '−0.0 %', '+0.0 %']);
  expect([1.25, 0.99987, 12.34].map(factor)).toEqual(['1.250', '1.000', '12.3']);
});

test('rates, power, energy and money have one form each', () => {
  expect([gbps(41.94), gbps(386)]).toEqual(['41.9 GB/s', '386 GB/s']);
  expect([tenths(-0.04), watts(1234.56)]).toEqual(['0.0', '1,234.6 W']);
  expect([joules(12.5), joules(12_500), joules(3.2e6)]).toEqual(['12.5 J', '12.5 kJ', '3.20 MJ']);
  expect([dollars(0), dollars(12.345), dollars(0.004_56)]).toEqual(['$0.00', '$12.35', '$0.0046']);
});
