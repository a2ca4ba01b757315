import { describe, expect, test } from 'vitest';
import { compareVersions, driverSupport } from './driver-support.ts';

test.each([
  ['2022.4.2', '2022.4.2', 0],
  ['2022.10.1', '2022.9.9', 1],
  ['2023.1', '2023.1.2', -1],
  ['12.0', '12', 0],
  ['13.0', '12.9', 1],
])('%s against %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
  expect(Math.sign(compareVersions(b, a)) + sign).toBe(0);
});

describe('an nsys and a driver', () => {
  test.each([
    ['2022.4.2', '11.8', 'fits'],
    ['2022.4.2', '12.0', 'fits'],
    // Of the driver's major version, but from before its minor one.
    ['2022.4.2', '12.4', 'older'],
    ['2022.3.1', '12.0', 'too-old'],
    ['2022.4.2', '13.0', 'too-old'],
    ['2025.1.3', '13.0', 'too-old'],
    // 2025.3.1 came before the 2025.3.2 of CUDA 13.0, and is of the same release.
    ['2025.3.1', '13.0', 'fits'],
    ['2025.3.2', '13.1', 'fits'],
    ['2025.3.2', '12.9', 'fits'],
    ['2024.6.2', '12.9', 'older'],
    // Nothing is known of these drivers: nobody is refused for that.
    ['2025.3.2', '14.0', 'fits'],
    ['2019.1.1', '10.2', 'fits'],
    ['2022.4.2', '11.4', 'fits'],
  ])('%s with CUDA %s: %s', (nsys, cuda, fit) => expect(driverSupport(nsys, cuda)).toBe(fit));
});
