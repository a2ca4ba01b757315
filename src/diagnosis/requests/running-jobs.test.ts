import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Running } from './running-jobs.ts';

test('whoever is done first is taken first, however they came', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(30), { maxLength: 40 }), untils => {
      const running = new Running(untils.length);
      for (const [job, until] of untils.entries()) running.add(job, until);
      expect(running.size).toBe(untils.length);
      const taken: number[] = [];
      while (running.size > 0) {
        const until = running.firstUntil;
        const job = running.take();
        expect(untils[job]).toBe(until);
        taken.push(job);
      }
      expect(taken.map(job => untils[job])).toEqual(untils.toSorted((a, b) => a - b));
      expect(taken.toSorted((a, b) => a - b)).toEqual([...untils.keys()]);
    }),
  ));
test('one may come while others run', () => {
  const running = new Running(3);
  running.add(0, 5);
  running.add(1, 3);
  expect(running.take()).toBe(1);
  running.add(2, 4);
  expect([running.take(), running.take(), running.size]).toEqual([2, 0, 0]);
});
