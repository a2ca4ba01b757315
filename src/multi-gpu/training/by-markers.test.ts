import { describe, expect, test } from 'vitest';
import { partsBursts } from './by-markers.ts';

const cut = (between: readonly number[]) => between.map(partsBursts(between));

describe('bursts of markers are parted', () => {
  test('where much more other work lies between them than within', () =>
    expect(cut([0, 1, 40, 0, 1, 40, 0, 1, 41, 1, 0, 40])).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
      false,
      false,
      true,
      false,
      false,
      true,
    ]));
  test('everywhere where each stands alone', () => expect(cut([40, 41, 40, 42, 40])).toEqual([true, true, true, true, true]));
  test('nowhere where an optimizer of many kernels ran in too few steps to tell them apart', () =>
    expect(cut([0, 0, 0, 0, 200, 0, 0, 0, 0, 200, 0, 0, 0, 0])).not.toContain(true));
  test('not at a single stretch that holds still more: an evaluation is no boundary of steps', () =>
    expect(cut([0, 30, 0, 30, 0, 5000, 0, 30, 0, 30])).toEqual([false, true, false, true, false, true, false, true, false, true]));
});
