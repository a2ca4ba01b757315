import { describe, expect, test } from 'vitest';
import { clockHistory } from './clock-change.ts';

const HOUR_MS = 3_600_000;
const one = () => 0;
/** A reading a second, whose clock is put back by `back_ms` after `at` readings. */
const setBack = (back_ms: number, at = 10, n = 20) => Array.from({ length: n }, (_, i) => i * 1000 - (i >= at ? back_ms : 0));

describe('the history of a clock', () => {
  test('of rising times has nothing to tell', () =>
    expect(clockHistory(setBack(0), one, true)).toEqual({ shift_ms: undefined, changes: [], ranBack_ms: 0, ranBackAt: -1 }));

  test('an hour back in wall-clock time is the end of summer time: what follows is later by that hour', () => {
    const { shift_ms, changes, ranBack_ms } = clockHistory(setBack(HOUR_MS), one, true);
    expect([...(shift_ms ?? [])]).toEqual([...Array<number>(10).fill(0), ...Array<number>(10).fill(HOUR_MS)]);
    expect({ changes, ranBack_ms }).toEqual({ changes: [10], ranBack_ms: 0 });
  });

  test('the first reading after it may come a few steps late, and not many', () => {
    expect(clockHistory(setBack(HOUR_MS - 4000), one, true).changes).toEqual([10]);
    expect(clockHistory(setBack(HOUR_MS - 60_000), one, true)).toMatchObject({ changes: [], ranBack_ms: HOUR_MS - 61_000, ranBackAt: 10 });
  });

  test('stamps with a zone do not change with the season', () =>
    expect(clockHistory(setBack(HOUR_MS), one, false)).toMatchObject({ changes: [], ranBack_ms: HOUR_MS - 1000 }));

  test('a clock that was set back otherwise is told', () =>
    expect(clockHistory(setBack(7000), one, true)).toMatchObject({ changes: [], ranBack_ms: 6000, ranBackAt: 10 }));

  test('rows of two GPUs in one file need not be in order among one another', () =>
    expect(clockHistory([0, 1000, 2000, 0, 1000, 2000], i => (i < 3 ? 0 : 1), true).ranBack_ms).toBe(0));
});
