import { describe, expect, test } from 'vitest';
import { latencyFigure, namedFigure } from '#decide/metrics/figures';
import type { Run, RunFigure } from '#schema/run';
import type { Target } from '#schema/targets';
import { judgeTargets } from './judge-targets.ts';

const run = (...figures: readonly (readonly RunFigure[])[]): Run => ({
  ...{ name: 'a run', inputs: [], time_ns: null, commit: null, figures: figures.flat(), settings: {}, causes: null, window_s: null },
  ...{ kernels: null, machine: {} },
});
const judge = (runs: readonly Run[], target: Target, prices: { readonly kwh_usd?: number; readonly gpu_hour_usd?: number } = {}) =>
  judgeTargets(runs, { schema: 'forensics.targets/1', ...prices, targets: [target] });
const rate = (value: number) => run(namedFigure('tok/s', value));
const p99 = (value: number, n: number | null = 5000) => run([latencyFigure('e2e', 0.99, value, n, '')]);

describe('a limit', () => {
  test.each([
    ['at_least', 10_000, 'pass'],
    ['above', 10_000, 'fail'],
    ['at_most', 10_000, 'pass'],
    ['below', 10_000, 'fail'],
  ] as const)('%s %d of exactly that: %s', (bound, limit, verdict) => {
    expect(judge([rate(10_000)], { metric: 'tok/s', [bound]: limit })[0]?.verdict).toBe(verdict);
  });
  test('is reached where every run reaches it, and the worst is told', () => {
    expect(judge([rate(12_000), rate(9_999)], { metric: 'tok/s', at_least: 10_000 })[0]).toMatchObject({
      verdict: 'fail',
      worst: 9999,
      passed: 1,
      runs: 2,
    });
    expect(judge([p99(150), p99(190)], { metric: 'p99', below: 200 })[0]).toMatchObject({ verdict: 'pass', worst: 190, metric: 'e2e p99' });
  });
});

describe('what was not measured', () => {
  test.each([
    ['no figure', [rate(1)], { metric: 'e2e p95', below: 100 }, 'no-figure'],
    ['a p99 of forty requests', [p99(10, 40)], { metric: 'p99', below: 200 }, 'few-requests'],
    ['no power', [rate(1)], { metric: 'tok/J', at_least: 2 }, 'no-power'],
    ['a load that was not run', [rate(1)], { metric: 'tok/s', setting: 'concurrency 8', at_least: 2 }, 'no-setting'],
    ['no price', [rate(1)], { metric: 'usd/1M tok', below: 2 }, 'no-price'],
  ] as const)('is told with its reason: %s', (_, runs, target, why) => {
    expect(judge(runs, target)[0]).toMatchObject({ verdict: 'not-measured', why, worst: null });
  });
  test('a run that misses is a failure, whatever another cannot tell', () => {
    expect(judge([p99(300), p99(10, 40)], { metric: 'p99', below: 200 })[0]?.verdict).toBe('fail');
    expect(judge([p99(100), p99(10, 40)], { metric: 'p99', below: 200 })[0]?.verdict).toBe('not-measured');
  });
});

describe('cost', () => {
  test('of electricity alone: 8.6 tokens a joule at $0.16 a kilowatt-hour are half a cent a million', () => {
    const found = judge([run(namedFigure('tok/J', 8.6))], { metric: 'usd/1M tok', below: 0.5 }, { kwh_usd: 0.16 });
    expect(found[0]?.verdict).toBe('pass');
    // 1e6 / 8.6 J = 116,279 J = 0.0323 kWh, which is $0.005168.
    expect(found[0]?.worst).toBeCloseTo(0.005168, 6);
  });
  test('needs what it is of: power for electricity', () => {
    expect(judge([rate(10_000)], { metric: 'usd/1M tok', below: 0.5 }, { kwh_usd: 0.16 })[0]).toMatchObject({ why: 'no-power' });
  });
  test('of rented GPUs: eight at $2.5 an hour and 10,000 tokens a second', () => {
    const rented = { ...run(namedFigure('tok/s', 10_000)), settings: { GPUs: '8' } };
    // $20 an hour over 36 million tokens.
    expect(judge([rented], { metric: 'usd/1M tok', below: 0.6 }, { gpu_hour_usd: 2.5 })[0]?.worst).toBeCloseTo(20 / 36, 6);
  });
  test('follows from the rate and the power of one run', () => {
    const found = judge([run(namedFigure('tok/s', 14_960), namedFigure('mean power', 1740))], { metric: 'tok/J', at_least: 8 });
    expect(found[0]?.worst).toBeCloseTo(14_960 / 1740, 6);
  });
});
