import { describe, expect, test } from 'vitest';
import { parseRfc3339, parseTimestamp } from './timestamp.ts';

/** 2026-11-22 01:42:56 UTC. */
const SECONDS = 1795311776n;

describe('a time in a file of samples', () => {
  test.each([
    ['2026/11/22 01:42:56.594', 594_000_000n, false, 1],
    ['2026-11-22T01:42:56Z', 0n, true, 1000],
    ['2026-11-22 03:42:56,5+02:00', 500_000_000n, true, 100],
    ['2026-11-21 20:12:56 -0530', 0n, true, 1000],
    [`${SECONDS}.000000001`, 1n, true, 1e-6],
    [`${SECONDS}594`, 594_000_000n, true, 1],
  ])('%s', (text, fraction, zoned, resolution_ms) =>
    expect(parseTimestamp(text)).toEqual({ ns: SECONDS * 1_000_000_000n + fraction, zoned, resolution_ms }),
  );
  test.each(['', 'noon', '2026-02-30 00:00:00', '2026-11-22 24:00:00', '2026-11-22', '42'])('%j is none', text =>
    expect(parseTimestamp(text)).toBeUndefined(),
  );
});

describe('a time with its zone', () => {
  test.each([
    ['2026-11-22T01:42:56.123456789Z', 123_456_789n, 1e-6],
    ['2026-11-22T03:42:56+02:00', 0n, 1000],
  ])('%s', (text, fraction, resolution_ms) =>
    expect(parseRfc3339(text)).toEqual({ ns: SECONDS * 1_000_000_000n + fraction, zoned: true, resolution_ms }),
  );
  test.each(['2026-11-22T01:42:56', '2026-11-22 1:42:56Z', '2026-11-22T01:42:56 UTC', `${SECONDS}`])('%j is none', text =>
    expect(parseRfc3339(text)).toBeUndefined(),
  );
});
