import type { CertifiedFigure } from '#schema/certification';
import type { RunFigure } from '#schema/run';

/** Units of tests of a machine in which less is better. */
const LESS_IS_BETTER: readonly string[] = ['ns', 'us', 'ms', 'errors'];

type Measured = Pick<CertifiedFigure, 'what' | 'test' | 'subject' | 'precision' | 'value' | 'unit'>;

/** What tests of a machine reached, each a metric of its own; of several values of one thing the best, as a certification takes it. */
export function figuresOfMeasurements(figures: readonly Measured[]): readonly RunFigure[] {
  const best = new Map<string, RunFigure>();
  for (const { what, test, subject, precision, value, unit } of figures) {
    const metric = [what, ...(test === what ? [] : [test]), ...(precision === null ? [] : [precision]), subject].join(' ');
    const better = LESS_IS_BETTER.includes(unit) ? 'lower' : 'higher';
    const before = best.get(metric);
    if (before === undefined || (better === 'lower' ? value < before.value : value > before.value))
      best.set(metric, { metric, setting: '', unit, better, value, n: null });
  }
  return [...best.values()];
}
