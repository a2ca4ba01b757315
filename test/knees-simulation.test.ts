import { expect, test } from 'vitest';
import { kneesOf } from '../bench/knees-draws.ts';

// A few of the draws behind the table of docs/sweep.md (npm run bench:knees): of a hundred, three standard errors below 95 %.
const LEAST = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / 100);

test.each(['peaked', 'tied'])('intervals over three runs of the server %s hold its knee and its peak', server => {
  const found = kneesOf({ server, draws: 100, runs: 3, noise: 0.03 });
  expect(Math.min(found.knee, found.peak, found.alpha, found.beta)).toBeGreaterThan(LEAST);
});

test('no knee is named of a server that has none', () =>
  expect(kneesOf({ server: 'straight', draws: 100, runs: 3, noise: 0.03 }).named).toBe(0));
