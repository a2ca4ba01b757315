import { describe, expect, test } from 'vitest';
import { type LaneMigration, laneOf, laneOps, migrationsOf } from '#test/lane-sample';
import { migratedFor } from './migrated.ts';

const asked = (...list: LaneMigration[]) => migratedFor(migrationsOf(list), laneOf(laneOps([{ start: 0, end: 10 }])));

test('a lane without managed memory has none', () => expect(asked()(0, 100)).toBeUndefined());
test('migrations and faults of the lane count together, and their time once', () =>
  expect(asked({ start: 10, end: 30, bytes: 4096 }, { start: 20, end: 60, faults: 7 })(0, 100)).toEqual({
    ns: 50,
    toHostNs: 0,
    bytes: 4096,
    faults: 7,
  }));
test('a fault of the CPU is the process’s, and has no length', () =>
  expect(asked({ start: 10, end: 10, device: -1, faults: 1 })(0, 100)).toEqual({ ns: 0, toHostNs: 0, bytes: 0, faults: 1 }));
test('what goes to the host is told apart', () =>
  expect(asked({ start: 10, end: 30, bytes: 1 }, { start: 25, end: 40, bytes: 2, toHost: true })(0, 100)).toEqual({
    ns: 30,
    toHostNs: 15,
    bytes: 3,
    faults: 0,
  }));
test('those on another GPU or of another process are not the lane’s', () =>
  expect(asked({ start: 10, end: 30, device: 1 }, { start: 10, end: 30, process: 1 })(0, 100)).toBeUndefined());
describe('in a stretch', () => {
  const ask = asked({ start: 0, end: 80, bytes: 1 }, { start: 10, end: 20, bytes: 2 }, { start: 50, end: 60, bytes: 4 });
  test('time counts as far as it lies in it', () => expect(ask(75, 100)).toEqual({ ns: 5, toHostNs: 0, bytes: 1, faults: 0 }));
  test('a long migration is found behind short ones', () => expect(ask(55, 58)).toEqual({ ns: 3, toHostNs: 0, bytes: 5, faults: 0 }));
  test('what begins at its end is not in it', () => expect(asked({ start: 50, end: 60 })(0, 50)).toBeUndefined());
});
