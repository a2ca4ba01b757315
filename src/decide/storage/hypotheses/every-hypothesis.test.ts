import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Design, Experiment } from '#decide/storage/experiment';
import { drawExperiment, type Planted } from '#test/storage-experiments';
import { hypotheses } from './index.gen.ts';

/** For each hypothesis an effect that is plain to see, all that may mislead where it is absent, and the runs that it reads. */
const CASES: Readonly<Record<string, { readonly planted: Planted; readonly absent: Planted; readonly designs: readonly Design[] }>> = {
  H0: { planted: { h0: 4 }, absent: {}, designs: ['h0'] },
  H1: { planted: { h1: 2 }, absent: { h8: 1.05 }, designs: ['h1'] },
  H2: { planted: { h2: 2.5 }, absent: { h3: true }, designs: ['h2'] },
  H3: { planted: { h2: 2.5, h3: true }, absent: { h2: 2.5 }, designs: ['h2'] },
  H4: { planted: { h4: 2 }, absent: { h8: 1.05 }, designs: ['h4'] },
  H5: { planted: { h5: 1.8 }, absent: { h7: 1 }, designs: ['h5'] },
  H6: { planted: { h6: 1.8 }, absent: { h7: 1 }, designs: ['h6'] },
  H7: { planted: { h7: 1 }, absent: { h5: 1.8, h6: 1.8 }, designs: ['h5', 'h6'] },
  H8: { planted: { h8: 1.1 }, absent: { h0: 4, h4: 2, h5: 1.8, h6: 1.8 }, designs: ['h0', 'h4', 'h5', 'h6'] },
};
const draw = (planted: Planted, designs: readonly Design[], repeats = 6, seed = 11): Experiment =>
  drawExperiment({ planted, seed, repeats, requests: 120, noise: 0.05, designs });
/** What Holm asks of the smallest of nine one-sided levels. */
const STRICTEST = 0.025 / 9;

test('each is a folder of its name, in the order of its number', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap(e => (e.isDirectory() ? [e.name] : []));
  expect(hypotheses.map(({ id }) => id)).toEqual(folders.sort());
  expect(hypotheses.map(({ code }) => code)).toEqual(Object.keys(CASES));
});

describe.each(hypotheses.map(hypothesis => [hypothesis.code, hypothesis] as const))('%s', (code, { examine, margin, scale }) => {
  const { planted, absent, designs } = CASES[code] ?? { planted: {}, absent: {}, designs: [] };
  test('finds its effect, with an interval beyond none, and draws every run that it judged', () => {
    const found = examine(draw(planted, designs));
    if (typeof found === 'string') throw new Error(found);
    expect(found.p).toBeLessThanOrEqual(STRICTEST);
    expect(found.effect.bound(0.025)).toBeGreaterThan(0);
    expect(found.picture.points.length).toBeGreaterThanOrEqual(found.runs);
    expect(margin).toBeGreaterThan(scale === 'ratio' ? 1 : 0);
  });
  test('finds none where it is absent, whatever else is there', () => {
    const found = examine(draw(absent, designs));
    if (typeof found === 'string') throw new Error(found);
    expect(found.p).toBeGreaterThan(0.025);
  });
  test('says so where no run was made for it, and where there is one run an arm at the most', () => {
    expect(examine(draw({}, []))).toBe('not-run');
    const few = examine({ ...draw(planted, designs, 1), runs: draw(planted, designs, 1).runs.slice(0, 2) });
    expect(['few-runs', 'few-levels', 'no-change-of-cause']).toContain(few);
  });
});
