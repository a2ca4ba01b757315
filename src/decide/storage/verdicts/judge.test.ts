import { describe, expect, test } from 'vitest';
import { confidenceByT } from '#core/math/confidence';
import type { Examined, Hypothesis } from '#decide/storage/define';
import type { Experiment } from '#decide/storage/experiment';
import { hypotheses } from '#decide/storage/hypotheses/index.gen';
import { judge } from './judge.ts';

const NO_RUNS: Experiment = { model: 'L8B', runs: [], working_set_unit: 'tokens' };
const [first] = hypotheses;
/** A hypothesis whose runs show an effect with a standard error, both as logarithms of a ratio. Its margin is a ratio of 1.2: 0.18. */
const showing = (estimate: number, error: number, more: Partial<Examined> = {}): Hypothesis => {
  const effect = confidenceByT(estimate, error, 20);
  const picture = { x: '', y: '', points: [], lines: [], marks: [] };
  const examined = { effect, p: effect.pAtMost(0), freedom: 20, least_p: 0, runs: 22, tail: null, parts: [], picture };
  return { ...first, id: `${estimate}`, scale: 'ratio', margin: 1.2, examine: () => ({ ...examined, ...more }) };
};
const verdicts = (...all: Hypothesis[]) => judge(NO_RUNS, all).map(({ verdict }) => verdict);

describe('a verdict', () => {
  test('is supported where the effect is there beyond chance', () => expect(verdicts(showing(0.5, 0.1))).toEqual(['supported']));
  test('is refuted where it is shown to be smaller than anything that matters', () =>
    expect(verdicts(showing(0, 0.05))).toEqual(['refuted']));
  test('is inconclusive where nothing is shown: that nothing was found says not that nothing is there', () => {
    const [found] = judge(NO_RUNS, [showing(0.02, 0.3)]);
    expect(found).toMatchObject({ verdict: 'inconclusive', why: 'power', equivalent: false });
    expect(found?.power).toBeLessThan(0.2);
  });
  test('is refuted, not supported, where a tiny effect is sure to be there', () =>
    expect(verdicts(showing(0.02, 0.002))).toEqual(['refuted']));
  test('is refuted where the effect is the other way round, but that is not "no effect"', () =>
    expect(judge(NO_RUNS, [showing(-0.9, 0.05)])[0]).toMatchObject({ verdict: 'refuted', equivalent: false }));
  test('says no effect only where both sides are excluded', () =>
    expect(judge(NO_RUNS, [showing(0.01, 0.03)])[0]).toMatchObject({ verdict: 'refuted', equivalent: true }));
  test('asks for repeats where the runs stand apart as far as so few can', () =>
    expect(judge(NO_RUNS, [showing(0.5, 0.1, { p: 0.05, least_p: 0.05 })])[0]).toMatchObject({
      verdict: 'inconclusive',
      why: 'least-level',
    }));
});

describe('the family', () => {
  // t = 2.3 with 20 degrees of freedom: 0.016.
  const weak = showing(0.23, 0.1);
  test('of one hypothesis takes its level as it is', () => expect(verdicts(weak)).toEqual(['supported']));
  test('of nine asks for more: what one alone would show is chance among them', () =>
    expect(verdicts(weak, ...Array.from({ length: 8 }, () => showing(0.1, 0.1)))[0]).toBe('inconclusive'));
  test('counts only what was examined', () => {
    const open: Hypothesis = { ...weak, examine: () => 'no-telemetry' };
    expect(judge(NO_RUNS, [weak, open])).toMatchObject([{ verdict: 'supported' }, { verdict: 'inconclusive', why: 'no-telemetry' }]);
  });
});

test('of an experiment without runs all nine are inconclusive, each since it was not run', () =>
  expect(judge(NO_RUNS).map(({ verdict, why }) => `${verdict} ${why}`)).toEqual(hypotheses.map(() => 'inconclusive not-run')));
