import { describe, expect, test } from 'vitest';
import { dueTimes, through } from './due-times.ts';
import { MockScript } from './script.ts';

const MS = 1e6;
const script = (wish: Partial<MockScript>) => MockScript.parse(wish);
const at = (wish: Partial<MockScript>, from: number, tokens: number) => dueTimes(script(wish), 0, from * MS, tokens).map(ns => ns / MS);

describe('when events are due', () => {
  test('the first after ttft, the others an interval apart', () =>
    expect(at({ ttft_ms: 20, itl_ms: 5 }, 100, 4)).toEqual([120, 125, 130, 135]));
  test('an event of several tokens takes as long as they do', () =>
    expect(at({ ttft_ms: 20, itl_ms: 5, chunk_tokens: 2 }, 0, 5)).toEqual([20, 30, 40]));
  test('a stall moves all that comes after it', () =>
    expect(at({ ttft_ms: 20, itl_ms: 5, stalls: [{ at_s: 0.122, ms: 50 }] }, 100, 4)).toEqual([120, 175, 180, 185]));
  test('one that begins within a stall waits for its end', () =>
    expect(at({ ttft_ms: 20, stalls: [{ at_s: 0.09, ms: 50 }] }, 100, 1)).toEqual([160]));
  test('stalls that are over, or yet to come, do nothing', () =>
    expect(
      at(
        {
          ttft_ms: 20,
          stalls: [
            { at_s: 0.2, ms: 50 },
            { at_s: 0.01, ms: 5 },
          ],
        },
        100,
        1,
      ),
    ).toEqual([120]));
  test('several stalls add up', () =>
    expect(
      through(
        [
          { at_s: 0.01, ms: 10 },
          { at_s: 0.03, ms: 10 },
        ],
        0,
        0,
        40 * MS,
      ) / MS,
    ).toBe(60));
});
