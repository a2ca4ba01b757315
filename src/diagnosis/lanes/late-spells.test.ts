import { describe, expect, test } from 'vitest';
import { type LateEntry, lateSpells } from './late-spells.ts';

const US = 1000;
const MS = 1e6;

/** Short waits of 50 µs, one every 10 ms, for either of two ranks in turn: what befalls all alike. */
const alike = (n: number): LateEntry[] => Array.from({ length: n }, (_, k) => ({ at: 10 * k * MS, who: k % 2, late: 50 * US }));
/** Waits for one rank, so far apart, from a moment on. */
const spell = (from: number, n: number, late: number, apart: number, who = 1): LateEntry[] =>
  Array.from({ length: n }, (_, k) => ({ at: from + k * apart, who, late }));
/** Entries of the given lists in order of time, and how many of each were found in a spell. */
function found(...lists: readonly (readonly LateEntry[])[]): number[] {
  const all = lists.flatMap((list, of) => list.map(entry => ({ entry, of }))).sort((a, b) => a.entry.at - b.entry.at);
  const marks = lateSpells(
    all.map(a => a.entry),
    2,
  );
  return lists.map((_, of) => all.filter((a, k) => a.of === of && marks[k] !== 0).length);
}

describe('a spell in which one rank is late again and again', () => {
  test('is found among waits that befall all alike', () => {
    const [others, own] = found(alike(100), spell(403 * MS, 40, 2 * MS, 4 * MS));
    expect(own).toBe(40);
    expect(others).toBeLessThan(10);
  });
  test('is found where each wait is far below a launch, if they come often enough', () => {
    expect(found(alike(100), spell(403 * MS, 160, 30 * US, 25 * US))).toEqual([0, 160]);
  });
  test('is none where each wait is less than a tenth of the time up to the next', () => {
    expect(found(alike(100), spell(400.5 * MS, 40, 0.4 * MS, 4.1 * MS))).toEqual([0, 0]);
  });
  test('is none where the ranks are late in turn', () => {
    const [one, other] = [0, 1].map(who => spell(400.5 * MS + who * 2 * MS, 20, 2 * MS, 4 * MS, who));
    expect(found(alike(100), one!, other!)).toEqual([0, 0, 0]);
  });
  test('is none where so few waits are as likely to be one rank’s by chance', () => {
    expect(found(alike(100), spell(401 * MS, 12, 0.5 * MS, 0.1 * MS))).toEqual([0, 0]);
    expect(found(alike(100), spell(401 * MS, 16, 0.5 * MS, 0.1 * MS))).toEqual([0, 16]);
  });
  test('is usual where such spells come all the time', () => {
    const often = Array.from({ length: 50 }, (_, k) => spell(200 * k * MS, 40, (1 + (k % 5)) * 0.5 * MS, 0.5 * MS));
    expect(found(...often).every(n => n === 0)).toBe(true);
  });
  test('is not told where too few waits say what is usual', () => {
    expect(found(alike(20), spell(83 * MS, 40, 2 * MS, 0.1 * MS))).toEqual([0, 0]);
  });
  test('costs a millisecond at the least', () => {
    const quiet = Array.from({ length: 100 }, (_, k): LateEntry => ({ at: 10 * k * MS, who: k % 2, late: US }));
    expect(found(quiet, spell(403 * MS, 39, 25 * US, 50 * US))).toEqual([0, 0]);
    expect(found(quiet, spell(403 * MS, 41, 25 * US, 50 * US))).toEqual([0, 41]);
  });
});

test('without waits there is no spell', () => {
  expect([...lateSpells([], 2)]).toEqual([]);
});
