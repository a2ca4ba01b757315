import { expect, test } from 'vitest';
import type { Reading } from './kinds.ts';
import { nearestTurn, startsByPeriod } from './period.ts';

/** A reading of F (0), B (1) and W (2), one operation a ns. */
const read = (kinds: string, from = 0): Reading => ({
  operations: [...kinds].map((k, i) => ({
    kind: 'FBW'.indexOf(k),
    text: 0,
    segment: { events: [], thread: 0, start: from + i, end: from + i + 1, busy: 1, messages: 0 },
  })),
  kinds: 1,
  forwardNames: new Map(),
});
const GPIPE = 'FFFFBBBB';

test('what repeats parts into its shortest period', () =>
  expect(startsByPeriod([[read(GPIPE.repeat(4))], [read(GPIPE.repeat(4), 1)]])[0]).toEqual([
    [8, 16, 24],
    [9, 17, 25],
  ]));
test('one that repeats nothing has no parts', () => expect(startsByPeriod([[read('FFBFBFBB')]])).toEqual([]));
test('a part begins with a forward after other work', () => expect(startsByPeriod([[read('FFFF'.repeat(3))]])).toEqual([]));
test('a lane that lost an operation follows the others', () => {
  const lost = GPIPE.repeat(4).slice(0, 12) + GPIPE.repeat(4).slice(13);
  const [found] = startsByPeriod([[read(GPIPE.repeat(4))], [read(GPIPE.repeat(4))], [read(lost)]]);
  expect(found?.[2]).toEqual([8, 15, 23]);
});
test('the nearest forward after other work is the one whose start is', () => {
  expect(nearestTurn(read(GPIPE.repeat(3)), 11)).toBe(8);
  expect(nearestTurn(read('FF'), 7)).toBe(7);
  expect(nearestTurn(undefined, 7)).toBe(7);
});
