import { expect, test } from 'vitest';
import { rowsByOwner } from './rows-by-owner.ts';

test('rows of each owner stand in their order, and an owner may have none', () =>
  expect(rowsByOwner(Int32Array.of(1, 0, 1, 3), 4).map(rows => [...rows])).toEqual([[1], [0, 2], [], [3]]));
