import { expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import type { EnergyFacts, WindowKind } from '#energy/facts';
import { wordEnergy, wordEnergyRuns } from './energy.ts';

const facts = (kind: WindowKind, notes: EnergyFacts['notes'] = []): EnergyFacts => ({
  window: { start_ns: '0', length_s: 10, kind },
  tokens: null,
  metered: [],
  totals: [],
  notes,
});

test.each<[WindowKind, string]>([
  [{ kind: 'asked-for' }, 'the window that was asked for'],
  [{ kind: 'load-test', file: 'k6.json', run: 1, of: 1 }, 'the load test, as timed in k6.json'],
  [{ kind: 'load-test', file: 'k6.json', run: 2, of: 3 }, 'run 2 of 3 of the load test, as timed in k6.json'],
])('the window %o is told', (kind, what) => expect(wordEnergy(facts(kind)).window).toEqual({ start_ns: '0', length_s: 10, what }));

test('what to know of an account is a sentence each', () =>
  expect(wordEnergy(facts({ kind: 'trace' }, ['gpus-only', 'gpus-unknown'])).notes).toEqual([
    expect.stringContaining('GPUs alone'),
    expect.stringContaining('How many GPUs'),
  ]));

test('a run that cannot be placed says why, and runs at the same time are said', () => {
  const run = { file: 'a.json', run: 1, label: null, concurrency: null, requested_rate: null };
  const failed = new ForensicsError('clock-mismatch', 'it has no time', 'Give one.');
  const told = wordEnergyRuns({
    runs: [
      { ...run, energy: facts({ kind: 'trace' }) },
      { ...run, energy: failed },
    ],
    overlap: true,
  });
  expect(told.runs.map(r => [r.energy === null, r.why_none])).toEqual([
    [false, null],
    [true, 'it has no time'],
  ]);
  expect(told.notes).toEqual([expect.stringContaining('at the same time')]);
  expect(wordEnergyRuns({ runs: [], overlap: false }).notes).toEqual([]);
});
