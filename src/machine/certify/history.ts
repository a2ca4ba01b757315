import { medianOf } from '#core/math/median';
import { normalOf, OUTLIER_SIGMAS } from '#core/math/normal-range';
import type { Share } from '#core/units';
import type { CertifiedFigure, CertVerdict } from '#schema/certification';
import type { EarlierFacts } from './facts.ts';

/** What an earlier run measured of a thing. */
export type EarlierFigure = Pick<CertifiedFigure, 'what' | 'test' | 'subject' | 'precision' | 'value' | 'unit'>;

/** As many runs tell what is usual. */
const FEWEST_RUNS = 5;
/** Clocks go in steps of 15 MHz, which is 0.8 % of 1,980: less than two and a half steps is no change. */
const SMALLEST: Share = 0.02;
/** As of a GPU among its peers. */
const LAGS: Share = 0.15;

/** Copies are one thing, however they were made; products, collectives and the like are by test. */
const keyOf = (f: EarlierFigure): string =>
  JSON.stringify([f.what, f.what.endsWith('-copy') ? '' : f.test, f.subject, f.what === 'collective' ? null : f.precision, f.unit]);

/** What of a machine is judged by its own past: latencies are shorter where they are better, and are left out. */
const isCompared = (f: EarlierFigure): boolean => f.unit !== 'ns' && f.unit !== 'errors' && f.value > 0;

function judge(value: number, earlier: readonly number[]): { readonly why: EarlierFacts['why']; readonly verdict: CertVerdict } {
  const normal = normalOf(earlier, FEWEST_RUNS);
  if (normal === undefined) return { why: 'too-few', verdict: 'not-judged' };
  const reach = Math.max(OUTLIER_SIGMAS * normal.sigma, SMALLEST * normal.median);
  if (value > normal.median + reach) return { why: 'above-usual', verdict: 'pass' };
  if (value >= normal.median - reach) return { why: 'usual', verdict: 'pass' };
  return { why: 'below-usual', verdict: value < normal.median * (1 - LAGS) ? 'fail' : 'warn' };
}

/** Each figure beside what earlier runs of the same machine measured, the greatest loss first. */
export function againstHistory(figures: readonly EarlierFigure[], runs: readonly (readonly EarlierFigure[])[]): EarlierFacts[] {
  const values = new Map<string, number[]>();
  for (const run of runs) {
    // A run that measured a thing twice counts once.
    const own = new Map(run.filter(isCompared).map(f => [keyOf(f), f.value]));
    for (const [key, value] of own) values.set(key, [...(values.get(key) ?? []), value]);
  }
  return figures
    .filter(isCompared)
    .flatMap(f => {
      const earlier = values.get(keyOf(f)) ?? [];
      if (earlier.length === 0) return [];
      const median = medianOf(earlier);
      const { what, test, subject, precision, value, unit } = f;
      const change = value / median - 1;
      return [{ what, test, subject, precision, value, unit, runs: earlier.length, median, change, ...judge(value, earlier) }];
    })
    .toSorted((a, b) => a.change - b.change);
}
