import { describe, expect, test } from 'vitest';
import { latencyFigure, namedFigure } from '#decide/metrics/figures';
import type { Run, RunFigure } from '#schema/run';
import { compareRuns } from './compare-runs.ts';
import type { CompareOptions } from './metric-facts.ts';

const run = (figures: readonly RunFigure[]): Run => ({
  ...{ name: 'a run', inputs: [], time_ns: null, commit: null, figures: [...figures], settings: {}, causes: null, window_s: null },
  ...{ kernels: null, machine: {} },
});
/** Runs with one p99 each, of a thousand requests. */
const p99s = (values: readonly number[], n = 1000) => values.map(value => run([latencyFigure('e2e', 0.99, value, n, '')]));
const OPTIONS: CompareOptions = { budgets: [], only: [], isPaired: true };
const verdict = (base: readonly Run[], candidate: readonly Run[], options: Partial<CompareOptions> = {}) =>
  compareRuns(base, candidate, { ...OPTIONS, ...options }).verdict;

describe('five runs a side', () => {
  const base = [100, 102, 99, 101, 98];
  const grown = (by: number) => base.map((value, i) => value * by * (1 + (i - 2) / 500));
  test('that are a tenth slower are a regression', () => expect(verdict(p99s(base), p99s(grown(1.1)))).toBe('regression'));
  test('that are a tenth faster are an improvement', () => expect(verdict(p99s(base), p99s(grown(0.9)))).toBe('improvement'));
  test('that are as they were are equivalent', () => expect(verdict(p99s(base), p99s(grown(1)))).toBe('equivalent'));
  test('that are slower by less than their budget are equivalent, though the change is sure', () => {
    const found = compareRuns(p99s(base), p99s(grown(1.02)), OPTIONS);
    expect(found.verdict).toBe('equivalent');
    expect(found.metrics[0]?.p_worse).toBeLessThan(0.025);
  });
  test('the same change is a regression where the budget is smaller', () => {
    expect(verdict(p99s(base), p99s(grown(1.02)), { budgets: [{ name: 'p99', share: 0.01 }] })).toBe('regression');
  });
  test('that vary more than the budget are not evaluable, and how many would do is said', () => {
    const found = compareRuns(p99s([100, 130, 80, 115, 90]), p99s([110, 95, 120, 84, 118]), OPTIONS);
    expect(found.verdict).toBe('not-evaluable');
    expect(found.metrics[0]).toMatchObject({ why: 'noise', judged: true });
    expect(found.metrics[0]?.runs_needed).toBeGreaterThan(20);
  });
});

test('one run a side is never a regression, however large the change', () => {
  const found = compareRuns(p99s([100]), p99s([900]), OPTIONS);
  expect(found.verdict).toBe('not-evaluable');
  expect(found.metrics[0]).toMatchObject({ why: 'one-run', ratio: 9, ratio_ci: null });
});

test('more is better of tokens a second: fewer are a regression, and the budget counts downwards', () => {
  const rates = (values: readonly number[]) => values.map(value => run(namedFigure('tok/s', value)));
  const base = [1000, 1010, 995, 1004];
  expect(verdict(rates(base), rates(base.map((v, i) => v * 0.9 + i)))).toBe('regression');
  expect(verdict(rates(base), rates(base.map((v, i) => v * 1.1 + i)))).toBe('improvement');
});

test('of a latency the highest percentile is judged that the requests carry', () => {
  const runs = (n: number) => [1, 1.01, 0.99].map(f => run([0.5, 0.95, 0.99].map(q => latencyFigure('ttft', q, 100 * f * (1 + q), n, ''))));
  const judged = (n: number) => compareRuns(runs(n), runs(n), OPTIONS).metrics.flatMap(m => (m.judged ? [m.metric] : []));
  expect(judged(1000)).toEqual(['ttft p99']);
  expect(judged(40)).toEqual(['ttft p95']);
  expect(judged(5)).toEqual(['ttft p50']);
});

test('a percentile with a budget and too few requests is not evaluable, and says so', () => {
  const found = compareRuns(p99s([1, 2, 3], 20), p99s([1, 2, 3], 20), { ...OPTIONS, budgets: [{ name: 'p99', share: 0.1 }] });
  expect(found.metrics[0]).toMatchObject({ verdict: 'not-evaluable', why: 'few-requests' });
});

test('a budget of what nobody measured is not evaluable', () => {
  const found = compareRuns(p99s([1, 1.01]), p99s([1, 1.01]), { ...OPTIONS, budgets: [{ name: 'tok/J', share: 0.1 }] });
  expect(found.metrics.find(m => m.metric === 'tok/J')).toMatchObject({ verdict: 'not-evaluable', why: 'not-measured' });
  expect(found.verdict).toBe('not-evaluable');
});

test('what is the same in every run is equivalent without noise', () => {
  const runs = [1, 1, 1].map(value => run(namedFigure('ok share', value)));
  expect(verdict(runs, runs)).toBe('equivalent');
});

test('levels are corrected for what is judged together: one of five loads must stand out more than one alone', () => {
  const loads = (worse: number) =>
    [0, 1, 2, 3].map(k =>
      run(
        ['1', '2', '4', '8', '16'].map((load, i) =>
          latencyFigure('e2e', 0.99, 100 * (1 + ((k * 7 + i * 3) % 5) / 50) * (i === 0 ? worse : 1), 1000, load),
        ),
      ),
    );
  const [base, candidate] = [loads(1), loads(1.06)];
  const found = compareRuns(base, candidate, { ...OPTIONS, isPaired: false });
  expect(found.metrics.filter(m => m.judged)).toHaveLength(5);
  const p = found.metrics[0]?.p_worse ?? 0;
  const single = compareRuns(
    base.map(r => run(r.figures.slice(0, 1))),
    candidate.map(r => run(r.figures.slice(0, 1))),
    { ...OPTIONS, isPaired: false },
  ).metrics[0]?.p_worse;
  expect(p).toBeCloseTo(5 * (single ?? 0), 10);
});
