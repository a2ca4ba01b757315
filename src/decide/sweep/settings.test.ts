import { expect, test } from 'vitest';
import { namedFigure } from '#decide/metrics/figures';
import type { Run } from '#schema/run';
import { variedIn } from './settings.ts';

const run = (settings: Record<string, string>, ...loads: readonly (readonly [string, number])[]): Run => ({
  ...{ name: 'run', inputs: [], time_ns: null, commit: null, settings, causes: null, window_s: null, kernels: null, machine: {} },
  figures: loads.flatMap(([setting, tok]) => namedFigure('tok/s', tok, setting)),
});
const settings = (runs: readonly Run[], over?: string) => {
  const found = variedIn(runs, over);
  return found && [found.over, ...found.settings.map(s => `${s.value}×${s.runs.length}`)];
};

test('the loads of one file are settings, and the same load of another is a run more', () =>
  expect(settings([run({}, ['concurrency 16', 2], ['concurrency 2', 1]), run({}, ['concurrency 2', 1], ['concurrency 16', 2])])).toEqual([
    'concurrency',
    '2×2',
    '16×2',
  ]));
test('so are files of one load each', () =>
  expect(settings([run({ concurrency: '4' }, ['', 1]), run({ concurrency: '16' }, ['', 1]), run({ concurrency: '4' }, ['', 1])])).toEqual([
    'concurrency',
    '4×2',
    '16×1',
  ]));
test('a closed loop counts by its concurrency, though answers came at other rates', () =>
  expect(settings([run({}, ['concurrency 1, rate 3', 1], ['concurrency 2, rate 5', 2])])?.[0]).toBe('concurrency'));
test('what the user names comes first, and words stay in their order', () =>
  expect(settings([run({ dtype: 'fp16', concurrency: '1' }, ['', 1]), run({ dtype: 'bf16', concurrency: '2' }, ['', 2])], 'dtype')).toEqual(
    ['dtype', 'fp16×1', 'bf16×1'],
  ));
test('names of loads that say no number are words', () =>
  expect(settings([run({}, ['pp512', 1], ['tg128', 2])])).toEqual(['setting', 'pp512×1', 'tg128×1']));
test('where nothing differs there is no sweep', () => expect(settings([run({ concurrency: '4' }, ['', 1])])).toBeUndefined());
test('loads that differ in two ways are said to, for they are no repetitions', () => {
  const table = [
    run({}, ['concurrency 1, rate 1', 1], ['concurrency 2, rate 1', 1]),
    run({}, ['concurrency 1, rate 2', 1], ['concurrency 2, rate 2', 1]),
  ];
  expect(variedIn(table)?.mixed).toBe('rate');
});
