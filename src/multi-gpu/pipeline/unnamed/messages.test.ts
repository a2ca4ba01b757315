import { expect, test } from 'vitest';
import { messageMisfit } from './messages.ts';

/** Three ranks of GPipe with ten microbatches: the ends pass on half as much as what lies between. */
const DUE = [20, 40, 20].map(messages => ({ messages, exchanges: messages / 2 }));

test('a kernel a message fits, and so does one for all that is due', () => {
  expect(messageMisfit([20, 40, 20], DUE)).toBe(0);
  expect(messageMisfit([10, 20, 10], DUE)).toBe(0);
});
test('what fits one rank one way and another rank another way does not fit', () =>
  expect(messageMisfit([10, 40, 20], DUE)).toBeGreaterThan(1));
test('one that was lost, or belongs to the next iteration, is no misfit of its own', () => {
  for (const first of [19, 21]) expect(messageMisfit([first, 40, 20], DUE)).toBeLessThan(1);
  for (const first of [17, 23]) expect(messageMisfit([first, 40, 20], DUE)).toBeGreaterThan(1);
});
test('a rank that is seen to pass nothing tells nothing', () => expect(messageMisfit([0, 40, 20], DUE)).toBe(0));
