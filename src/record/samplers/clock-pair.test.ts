import { describe, expect, test } from 'vitest';
import { clockPair } from './clock-pair.ts';
import { EpochClock } from './epoch-clock.ts';

const MS = 1_000_000n;

describe('a clock pair', () => {
  test('lies between readings of both clocks before and after it', () => {
    const [epoch, monotonic] = [BigInt(Date.now()) * MS, process.hrtime.bigint()];
    const pair = clockPair();
    expect(BigInt(pair.epoch_ns)).toBeGreaterThanOrEqual(epoch);
    expect(BigInt(pair.monotonic_ns)).toBeGreaterThanOrEqual(monotonic);
    expect(BigInt(pair.epoch_ns)).toBeLessThanOrEqual(BigInt(Date.now() + 1) * MS);
    expect(BigInt(pair.monotonic_ns)).toBeLessThanOrEqual(process.hrtime.bigint());
  });

  test('is far better than a millisecond', () => {
    const { uncertainty_ns } = clockPair();
    expect(uncertainty_ns).toBeGreaterThan(0);
    expect(uncertainty_ns).toBeLessThan(500_000);
  });
});

describe('the epoch clock', () => {
  const PAIR = { epoch_ns: '1000000000', monotonic_ns: '500' };
  const clockOf = (readings: { monotonic: bigint; epochMs: number }) =>
    new EpochClock(PAIR, { monotonicNs: () => readings.monotonic, epochMs: () => readings.epochMs });

  test('counts nanoseconds between the turns of Date.now()', () => {
    const readings = { monotonic: 500n + 1_234_567n, epochMs: 1001 };
    expect(clockOf(readings).now()).toBe(1_001_234_567n);
  });

  test('follows a wall clock that is set forward or back, and stays within its millisecond', () => {
    const readings = { monotonic: 500n, epochMs: 5000 };
    const clock = clockOf(readings);
    expect(clock.now()).toBe(5_000_000_000n);
    readings.epochMs = 2000;
    expect(clock.now()).toBe(2_000_999_999n);
    readings.monotonic += 10n * MS;
    readings.epochMs = 2010;
    expect(clock.now()).toBe(2_010_999_999n);
  });

  test('agrees with Date.now() on this host', () => {
    const clock = new EpochClock();
    const before = BigInt(Date.now()) * MS;
    const now = clock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThan(BigInt(Date.now() + 1) * MS);
  });
});
