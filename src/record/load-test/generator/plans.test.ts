import { expect, test } from 'vitest';
import { settings, target } from '#test/load-sample';
import { openDraft } from './plans.ts';

/** A hundred requests a second for five seconds, after a warm-up. */
const planned = (warmUp: number) =>
  openDraft(
    settings(target(1), {
      pattern: { loop: 'open', arrivals: { kind: 'constant', rate: 100 }, duration: 5, requests: Number.POSITIVE_INFINITY },
      warmUp,
    }),
  );
const within = (due: Float64Array, from: number, to: number) => due.filter(at => at >= from && at < to).length;

test('the warm-up climbs to the rate in its first half and keeps it in the second; what is measured is at the rate from its first second', () => {
  const { due } = planned(8);
  expect(due.every((at, i) => i === 0 || at > due[i - 1]!)).toBe(true);
  // The rate at second t of the climb is 25 t, so that the seconds hold 12.5, 37.5, 62.5 and 87.5.
  const counts = Array.from({ length: 13 }, (_, second) => within(due, second, second + 1));
  for (const [second, expected] of [12.5, 37.5, 62.5, 87.5].entries())
    expect(Math.abs(counts[second]! - expected)).toBeLessThanOrEqual(1.5);
  for (const count of counts.slice(4)) expect(Math.abs(count - 100)).toBeLessThanOrEqual(1);
});

test('without a warm-up all is measured', () => {
  expect(planned(0).due).toHaveLength(500);
});
