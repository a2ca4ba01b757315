import { expect, test } from 'vitest';
import { openDraft } from './plans.ts';
import type { LoadSettings } from './settings.ts';

const settings = (wish: Partial<LoadSettings>): LoadSettings => ({
  target: {
    origin: 'http://127.0.0.1:1',
    path: '/v1/completions',
    api: 'completions',
    method: 'POST',
    headers: {},
    body: null,
    model: null,
    promptKind: 'words',
    ignoreEos: true,
    includeUsage: true,
    extra: {},
    run: 'test',
  },
  pattern: { loop: 'open', arrivals: { kind: 'constant', rate: 100 }, duration: 5, requests: Number.POSITIVE_INFINITY },
  warmUp: 8,
  promptTokens: { kind: 'constant', tokens: 12 },
  outputTokens: { kind: 'constant', tokens: 3 },
  seed: 1,
  generators: 1,
  limits: { timeout: 30, drain: 30 },
  ...wish,
});
const within = (due: Float64Array, from: number, to: number) => due.filter(at => at >= from && at < to).length;

test('the warm-up climbs to the rate in its first half and keeps it in the second; what is measured is at the rate from its first second', () => {
  const { due } = openDraft(settings({}));
  expect(due.every((at, i) => i === 0 || at > due[i - 1]!)).toBe(true);
  // The rate at second t of the climb is 25 t, so that the seconds hold 12.5, 37.5, 62.5 and 87.5.
  const counts = Array.from({ length: 13 }, (_, second) => within(due, second, second + 1));
  for (const [second, expected] of [12.5, 37.5, 62.5, 87.5].entries())
    expect(Math.abs(counts[second]! - expected)).toBeLessThanOrEqual(1.5);
  for (const count of counts.slice(4)) expect(Math.abs(count - 100)).toBeLessThanOrEqual(1);
});

test('without a warm-up all is measured', () => {
  expect(openDraft(settings({ warmUp: 0 })).due).toHaveLength(500);
});
