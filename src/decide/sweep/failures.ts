import type { RunFigure } from '#schema/run';
import type { SweepPoint } from '#schema/sweep';
import type { Setting } from './settings.ts';

/** What went wrong at a setting, the gravest first. */
export function failureAt({ runs }: Setting): Pick<SweepPoint, 'failure' | 'failure_share'> {
  if (runs.some(figures => figures.length === 0)) return { failure: 'no-start', failure_share: null };
  const of = (metric: RunFigure['metric']) => runs.flatMap(figures => figures.find(figure => figure.metric === metric)?.value ?? []);
  const failed = 1 - Math.min(1, ...of('ok share'));
  if (failed > 0) return { failure: 'requests-failed', failure_share: failed };
  const preempted = Math.max(0, ...of('preemptions'));
  return preempted > 0 ? { failure: 'preempted', failure_share: preempted } : { failure: null, failure_share: null };
}
