import type { LatencyFigure, RunSummary } from '#schema/relation';
import type { RunFigure } from '#schema/run';
import { latencyFigure, namedFigure } from './figures.ts';

/** What tells the loads of one file apart. */
export const settingOf = ({ concurrency, requested_rate, label }: RunSummary): string => {
  const load = [
    ...(concurrency === null ? [] : [`concurrency ${concurrency}`]),
    ...(requested_rate === null ? [] : [`rate ${requested_rate}`]),
  ];
  return load.length > 0 ? load.join(', ') : (label ?? '');
};

/** A bucket of a histogram is no figure: two runs whose p99 lie in the same one need not be alike. */
function figureOf(figure: LatencyFigure, n: number | null, setting: string): readonly RunFigure[] {
  const { metric, statistic, q, lower_ms, upper_ms } = figure;
  if (lower_ms !== upper_ms || (statistic !== 'mean' && statistic !== 'percentile')) return [];
  return [latencyFigure(metric, statistic === 'mean' ? 'mean' : (q ?? 0), lower_ms, figure.n ?? n, setting)];
}

const ratio = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole <= 0 ? null : part / whole;

/** The figures of one load of a run, as the load test's own summary tells them. */
export function figuresOfSummary(run: RunSummary, setting: string): readonly RunFigure[] {
  const { completed, failed, duration_s: seconds, power } = run;
  const n = completed;
  const known = completed !== null && failed !== null ? completed + failed : null;
  return [
    ...run.latency.flatMap(figure => figureOf(figure, n, setting)),
    ...namedFigure('tok/s', run.output_tokens_per_s ?? ratio(run.output_tokens, seconds), setting, n),
    ...namedFigure('total tok/s', run.total_tokens_per_s, setting, n),
    ...namedFigure('req/s', run.requests_per_s ?? ratio(completed, seconds), setting, n),
    ...namedFigure('ok share', ratio(completed, known), setting, known),
    ...namedFigure('prompt tok', ratio(run.input_tokens, completed), setting, n),
    ...namedFigure('output tok', ratio(run.output_tokens, completed), setting, n),
    ...(power === null
      ? []
      : [...namedFigure('tok/J', power.tokens_per_joule, setting), ...namedFigure('mean power', power.mean_w, setting)]),
  ];
}
