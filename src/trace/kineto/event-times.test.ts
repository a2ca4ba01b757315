import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '#test/thorough';
import { exactly, since } from './event-times.ts';

test.each([
  ['"ts": 5212118709360.207', 5212118709360.207, 5212118709360, 207],
  ['"ts": 1695835542514261', 1695835542514261, 1695835542514261, 0],
  ['"ts":1712195495519689.001', Number('1712195495519689.001'), 1712195495519689, 1],
  ['"ts": 5212118708037.22', 5212118708037.22, 5212118708037, 220],
  ['"dur": 0.9996', 0.9996, 1, 0],
  ['"ts": 1.5e3', 1500, 1500, 0],
  ['"name": "\\"ts\\": 7", "ts": 12.001', 12.001, 12, 1],
])('%s is read to the nanosecond', (json, value, us, ns) => expect(exactly(`{${json}}`, value)).toEqual({ us, ns }));

test('a time since 1970 is read back to the nanosecond, whatever it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_500_000_000_000_000, max: 2_000_000_000_000_000 }), fc.integer({ min: 0, max: 999 }), (us, ns) => {
      const text = `${us}.${String(ns).padStart(3, '0')}`;
      const read = exactly(`{"ts": ${text}}`, Number(text));
      expect(read).toEqual({ us, ns });
      expect(since({ us, ns: 0 }, read)).toBe(ns);
    }),
    runs(500, 50),
  );
});
