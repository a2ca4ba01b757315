import { expect, test } from 'vitest';
import { SCENARIOS, type Scenario, verdictsOf } from '../bench/compare-draws.ts';

// The whole table is that of `npm run bench:compare` (docs/compare.md): here so few draws that only a broken method fails.
const few = { draws: 150, runs: 5, requests: 120, isPaired: true };

test.each(Object.keys(SCENARIOS) as Scenario[])('without a change a regression is called rarely: %s latencies', scenario => {
  // At 5 % at most, 150 draws give more than 15 regressions once in 5,000 times (binomial).
  expect(verdictsOf({ scenario, ...few }).whole.regression).toBeLessThanOrEqual(15 / 150);
});

test('a fifth more is found', () => {
  expect(verdictsOf({ scenario: 'independent', ...few, draws: 40, factor: 1.2 }).whole.regression).toBeGreaterThan(0.9);
});
