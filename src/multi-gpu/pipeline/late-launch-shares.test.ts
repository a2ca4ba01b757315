import { expect, test } from 'vitest';
import { sharesOf, together } from './late-launch-shares.ts';

test('answers about several stretches add up, and the longest tells what it was about', () => {
  const one = new Map([['host-compute' as const, { ns: 10, subject: 'a' }]]);
  const two = new Map([
    ['host-compute' as const, { ns: 30, subject: 'b' }],
    ['storage-io' as const, { ns: 5, subject: 'c' }],
  ]);
  const whole = together([one, undefined, two]);
  expect([...whole].map(([cause, { ns, subject }]) => [cause, ns, subject])).toEqual([
    ['host-compute', 40, 'b'],
    ['storage-io', 5, 'c'],
  ]);
});
test('shares are those of the time that is accounted for', () => {
  const answer = new Map([
    ['host-compute' as const, { ns: 30, subject: '' }],
    ['unexplained' as const, { ns: 10, subject: '' }],
  ]);
  expect([...sharesOf(answer)]).toEqual([
    ['host-compute', 0.75],
    ['unexplained', 0.25],
  ]);
});
test('nothing has no shares', () => {
  expect([sharesOf(undefined).size, sharesOf(new Map([['paging' as const, { ns: 0, subject: '' }]])).size]).toEqual([0, 0]);
});
