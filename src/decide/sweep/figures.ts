import { confidenceOfMean } from '#core/math/confidence';
import type { RunFigure } from '#schema/run';
import type { SweepFigure } from '#schema/sweep';
import type { Setting } from './settings.ts';

const TAIL = 0.025;
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** What several runs measured of one metric, with an interval over them. */
function overRuns(figures: readonly RunFigure[]): SweepFigure | undefined {
  const [first] = figures;
  if (first === undefined) return undefined;
  const values = figures.map(figure => figure.value);
  const isPositive = values.every(value => value > 0);
  const scaled = isPositive ? values.map(Math.log) : values;
  const back = (value: number) => (isPositive ? Math.exp(value) : value);
  const confidence = new Set(values).size > 1 ? confidenceOfMean(scaled) : undefined;
  return {
    ...{ metric: first.metric, unit: first.unit, better: first.better },
    mean: back(scaled.reduce((sum, value) => sum + value, 0) / scaled.length),
    ci: confidence === undefined ? null : [finite(back(confidence.bound(TAIL))), finite(back(confidence.bound(1 - TAIL)))],
    values,
  };
}

/** The figures of a setting, each over its runs. */
export function figuresAt({ runs }: Setting): readonly SweepFigure[] {
  const names = [...new Set(runs.flatMap(figures => figures.map(({ metric }) => metric)))];
  return names.flatMap(name => overRuns(runs.flatMap(figures => figures.find(({ metric }) => metric === name) ?? [])) ?? []);
}

/** What a metric came to in each run of a setting; undefined where one did not measure it. */
export const measuredAt = ({ runs }: Setting, metric: string): readonly (RunFigure | undefined)[] =>
  runs.map(figures => figures.find(figure => figure.metric === metric));

/** The first of these metrics that is measured at the most settings. */
export function mostMeasured(settings: readonly Setting[], metrics: readonly string[]): string | undefined {
  const times = (metric: string) => settings.filter(setting => measuredAt(setting, metric).some(figure => figure !== undefined)).length;
  const best = Math.max(0, ...metrics.map(times));
  return best === 0 ? undefined : metrics.find(metric => times(metric) === best);
}
