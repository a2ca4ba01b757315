import { describe, expect, test } from 'vitest';
import { latencyFigure, namedFigure } from '#decide/metrics/figures';
import type { RunFigure } from '#schema/run';
import { judgeSweep } from './judge-sweep.ts';
import type { Varied } from './settings.ts';

const rate = (tok: number): readonly RunFigure[] => namedFigure('tok/s', tok);
const swept = (over: string, table: readonly (readonly [string, ...(readonly (readonly RunFigure[])[])])[]): Varied => ({
  over,
  settings: table.map(([value, ...runs]) => ({ value, number: Number.isFinite(Number(value)) ? Number(value) : undefined, runs })),
});
const judged = (varied: Varied, ...below: readonly (readonly [string, number])[]) => {
  const facts = judgeSweep(
    varied,
    below.map(([metric, limit]) => ({ metric, below: limit })),
    below.map(([metric, limit]) => `${metric} < ${limit}`),
  );
  if (facts === undefined) throw new Error('no throughput');
  return facts;
};

/** The batch table of the second brief. */
const BATCH = swept(
  'max batch',
  (
    [
      ['16', 2520.57],
      ['64', 8927.5],
      ['256', 25579.36],
      ['512', 38077.25],
      ['2048', 38248.7],
    ] as const
  ).map(([value, tok]) => [value, rate(tok)]),
);

describe('a sweep', () => {
  test('of the brief has its knee at 512, and 2048 buys 0.4 %', () => {
    const { knee, sweet_spot, steps } = judged(BATCH);
    expect(knee).toEqual({ at: 512, interval: null, why: null });
    expect(sweet_spot).toMatchObject({ value: '512', next: { to: '2048', factor: 4, verdict: 'not-evaluable', why: 'one-run' } });
    expect(sweet_spot?.next?.gain).toBeCloseTo(0.0045, 4);
    expect(sweet_spot?.next?.per_doubling).toBeCloseTo(0.00225, 4);
    expect(steps.map(step => Math.round(step.gain * 100))).toEqual([254, 187, 49, 0]);
  });
  test('over precision calls +0.4 % of one run each nothing', () => {
    const { steps, sweet_spot, knee } = judged(
      swept('dtype', [
        ['float16', rate(37_646)],
        ['bfloat16', rate(37_810)],
      ]),
    );
    expect(steps[0]).toMatchObject({ from: 'float16', to: 'bfloat16', factor: null, verdict: 'not-evaluable', why: 'one-run' });
    expect(steps[0]?.gain).toBeCloseTo(0.0044, 4);
    expect([sweet_spot, knee.why]).toEqual([null, 'words']);
  });
  test('over precision with repeated runs tells noise from a gain', () => {
    const of = (factor: number) =>
      judged(
        swept('dtype', [
          ['fp16', rate(1000), rate(1012), rate(991)],
          ['bf16', rate(1004 * factor), rate(1001 * factor), rate(1009 * factor)],
        ]),
      );
    expect(of(1).steps[0]?.verdict).toBe('noise');
    expect(of(1.1)).toMatchObject({ steps: [{ verdict: 'gain' }], sweet_spot: { value: 'bf16' } });
  });
  const loaded = (tok: number, p99: number) => [...rate(tok), latencyFigure('e2e', 0.99, p99, 1000, '')];
  const RATES = swept('rate', [
    ['10', loaded(100, 50)],
    ['20', loaded(200, 60)],
    ['40', loaded(390, 150)],
    ['80', loaded(400, 900)],
  ]);
  test('says up to where an objective holds, and takes the knee if that comes first', () => {
    expect(judged(RATES, ['p99', 200]).slo).toMatchObject({ highest: '40', first_failing: '80', is_monotone: true });
    expect(judged(RATES, ['p99', 55])).toMatchObject({ slo: { highest: '10', first_failing: '20' }, sweet_spot: { value: '10' } });
    expect(judged(RATES, ['p99', 10])).toMatchObject({ slo: { highest: null }, sweet_spot: null });
    expect(judged(RATES, ['ttft p99', 10]).points[0]).toMatchObject({ slo: 'not-measured', slo_failed: ['ttft p99'] });
  });
  test('has no law where requests come by the second', () => expect(judged(RATES).usl).toBeNull());
  test('knows what no other beats', () =>
    expect(
      judged(
        swept('rate', [
          ['1', loaded(10, 5)],
          ['2', loaded(9, 6)],
          ['3', loaded(20, 7)],
        ]),
      ).pareto,
    ).toEqual(['1', '3']));
  test('ends at the first failure', () => {
    const ok = (share: number) => [...rate(100), ...namedFigure('ok share', share)];
    expect(judged(swept('prompt length', [['1024', ok(1)], ['2048', ok(1)], ['4096', ok(0.5)], ['8192']]))).toMatchObject({
      first_failure: '4096',
      largest_whole: '2048',
    });
    expect(
      judged(
        swept('context', [
          ['1', rate(5)],
          ['2', []],
        ]),
      ).points[1],
    ).toMatchObject({ failure: 'no-start' });
    const preempted: RunFigure = { metric: 'preemptions', setting: '', unit: '', better: 'lower', value: 3, n: null };
    expect(
      judged(
        swept('context', [
          ['1', ok(1)],
          ['2', [...ok(1), preempted]],
        ]),
      ).points[1],
    ).toMatchObject({ failure: 'preempted', failure_share: 3 });
  });
  test('of which nothing was measured is none', () =>
    expect(
      judgeSweep(
        swept('rate', [
          ['1', []],
          ['2', []],
        ]),
        [],
        [],
      ),
    ).toBeUndefined());
});
