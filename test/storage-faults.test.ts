import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { analyzeExperiment } from '#app/storage-analysis/analyze-experiment';
import type { Design, Experiment, StorageRun } from '#decide/storage/experiment';
import { judge } from '#decide/storage/verdicts/judge';
import { type Draws, drawExperiment, type Planted } from './storage-experiments.ts';
import { type Mishaps, writeStorageFolder } from './storage-folder.ts';

// The original harness drew plots of whatever came out. Each of these is a way in which such a plot misleads.
const root = mkdtempSync(join(tmpdir(), 'storage-faults-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const draw = (planted: Planted, designs: readonly Design[], more: Partial<Draws> = {}): Experiment =>
  drawExperiment({ planted, seed: 5, repeats: 6, requests: 120, noise: 0.05, designs, ...more });
const of = (experiment: Experiment, code: string) => judge(experiment).find(({ hypothesis }) => hypothesis.code === code);
const changed = (experiment: Experiment, by: (run: StorageRun) => Partial<StorageRun>): Experiment => ({
  ...experiment,
  runs: experiment.runs.map(run => ({ ...run, ...by(run) })),
});
let folders = 0;
function analyzed(experiment: Experiment, mishaps: Mishaps = {}) {
  const folder = join(root, `e${folders++}`);
  writeStorageFolder(folder, [experiment], mishaps);
  const analysis = analyzeExperiment({ folder });
  const [model] = analysis.models;
  if (model === undefined) throw new Error('no model');
  return { ...analysis, ...model, verdict: (code: string) => model.hypotheses.find(h => h.code === code) };
}

describe('numbers that were none', () => {
  test('p99 of nine requests is their maximum: the median is judged, and the table has no p99', () => {
    const { verdict, runs } = analyzed(draw({ h6: 2 }, ['h6'], { requests: 9 }));
    expect(verdict('H6')?.tail).toBe('latency p50');
    expect(runs.map(run => run.e2e_p99_ms)).toEqual(runs.map(() => null));
  });
  test('a run in which all requests failed has no latency, least of all 0: it is left out, and named', () => {
    const { runs, left_out } = analyzed(draw({}, ['h6']), { lost: ['h6-storm-r1'] });
    expect(left_out).toEqual([{ run: 'h6-storm-r1', why: 'no answer came whole' }]);
    expect(runs.map(run => run.run)).not.toContain('h6-storm-r1');
  });
  test('a step that failed is recorded, never silently skipped', () =>
    expect(analyzed(draw({}, ['h6']), { failed: ['h6-baseline-r2'], open: ['h6-storm-r6'] }).left_out).toEqual([
      { run: 'h6-storm-r6', why: 'it has not run yet' },
      { run: 'h6-baseline-r2', why: 'the step failed' },
    ]));
  test('io_wait_pct, r_await_ms and rps_storage are filled in every run, and what is not known is empty, never 0', () => {
    const told = analyzed(draw({}, ['h4'], { repeats: 2 })).runs;
    for (const run of told) expect([run.io_wait_pct, run.r_await_ms, run.rps_storage].every(v => v !== null && v > 0)).toBe(true);
    const silent = changed(draw({}, ['h4'], { repeats: 2 }), run => ({ figures: { ...run.figures, r_await_ms: null, io_wait_pct: null } }));
    const { runs, verdict } = analyzed(silent);
    expect(runs.map(run => [run.r_await_ms, run.io_wait_pct])).toEqual(runs.map(() => [null, null]));
    expect(verdict('H4')).toMatchObject({ verdict: 'inconclusive', why: 'no-telemetry' });
  });
  test('latency counts from the intended start: what waited to be sent has waited', () => {
    const experiment = draw({}, ['h6'], { repeats: 2 });
    const { runs } = analyzed(experiment);
    const [run] = experiment.runs;
    // Each request was sent half a millisecond after it was due, and its answer was whole so long after it was due.
    expect(runs[0]?.e2e_p50_ms).toBeCloseTo(run?.e2e_ms[59] ?? 0, 3);
  });
});

describe('causes that were assumed', () => {
  test('contention that did not reach the disk tests nothing: r_await is measured', () => {
    const unmoved = changed(draw({ h4: 2 }, ['h4']), run => ({ figures: { ...run.figures, r_await_ms: 0.2 } }));
    expect(of(unmoved, 'H4')).toMatchObject({ verdict: 'inconclusive', why: 'no-change-of-cause' });
  });
  test('a run that fio did not cover is left out', () =>
    expect(analyzed(draw({ h4: 2 }, ['h4'], { repeats: 2 }), { uncovered: ['h4-heavy-r1'] }).left_out).toEqual([
      expect.objectContaining({ run: 'h4-heavy-r1', why: expect.stringContaining('fio did not read') }),
    ]));
  test('paging and latency that both grow with the working set are no knee of paging', () => {
    expect(of(draw({ h2: 2.5 }, ['h2']), 'H3')?.verdict).not.toBe('supported');
    expect(of(draw({ h3: true }, ['h2']), 'H2')?.verdict).not.toBe('supported');
  });
  test('iowait and latency that both grow with the load are no effect of iowait', () => {
    const loaded = changed(draw({ h0: 4 }, ['h0']), run => ({
      figures: { ...run.figures, io_wait_pct: (run.level ?? 1) + (run.block % 3) },
    }));
    expect(of(loaded, 'H8')?.verdict).not.toBe('supported');
  });
  test('reads that do not follow the adapters are no reads of adapters', () =>
    expect(of(draw({ h5: 1.8 }, ['h5', 'h6']), 'H7')?.verdict).not.toBe('supported'));
});

describe('certainty that was not there', () => {
  test('a thousand requests of one run an arm are no repetition', () =>
    expect(of(draw({ h6: 3 }, ['h6'], { repeats: 1, requests: 1000 }), 'H6')).toMatchObject({ verdict: 'inconclusive', why: 'few-runs' }));
  test('three repeats that stand apart are asked for more, not taken for proof among nine', () =>
    expect(of(draw({ h6: 3 }, ['h6'], { repeats: 2 }), 'H6')).toMatchObject({ verdict: 'inconclusive', why: 'least-level' }));
  test('what was not found in noise is not called absent', () =>
    expect(of(draw({}, ['h6'], { noise: 0.5 }), 'H6')).toMatchObject({ verdict: 'inconclusive', why: 'power' }));
  test('a server that gets slower all the while is no storm: arms of a block run in an order of their own', () =>
    expect(of(draw({}, ['h6'], { trouble: 'drifting' }), 'H6')?.verdict).not.toBe('supported'));
});
