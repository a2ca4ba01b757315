import { expect, test } from 'vitest';
import { pidOf } from './packed-ids.ts';

test.each([
  ['of machine 0', 4711 * 2 ** 24, 4711],
  ['of another machine', 3 * 2 ** 56 + 4711 * 2 ** 24, 4711],
  ['of a machine whose number makes the whole negative', -(2 ** 57) + 4711 * 2 ** 24, 4711],
  ['0 of an unknown process', 0, 0],
])('the process id is what lies between machine and thread: %s', (_, packed, pid) => expect(pidOf(packed)).toBe(pid));
