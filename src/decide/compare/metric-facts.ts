import type { Share } from '#core/units';
import type { ComparedMetric } from '#schema/comparison';
import type { Metric, Run, RunFigure } from '#schema/run';

/** How much worse is tolerated of the metrics that a name stands for. */
export interface Budget {
  readonly name: string;
  /** As a share: 0.05 for 5 %. */
  readonly share: Share;
}

/** How two sides are held against each other. */
export interface CompareOptions {
  readonly budgets: readonly Budget[];
  /** Names of what is judged alone; empty for what is judged as a rule. */
  readonly only: readonly string[];
  /** Run by run, in their order; independent otherwise. */
  readonly isPaired: boolean;
}

/** A metric with what each run measured of it, in the order of the runs; undefined where one did not. */
export interface MeasuredMetric extends Metric {
  readonly base: readonly (RunFigure | undefined)[];
  readonly candidate: readonly (RunFigure | undefined)[];
}

/** A metric that was compared, without words. */
export type MetricFacts = Omit<ComparedMetric, 'reason'>;

/** A metric that was compared and whose verdict waits for what is judged beside it. */
export type Unjudged = Omit<MetricFacts, 'verdict' | 'judged'>;

const keyOf = ({ metric, setting }: Metric): string => `${setting}|${metric}`;

/** All that either side measured, in the order in which it is met. */
export function measuredMetrics(base: readonly Run[], candidate: readonly Run[]): readonly MeasuredMetric[] {
  const tables = (runs: readonly Run[]) => runs.map(run => new Map(run.figures.map(figure => [keyOf(figure), figure])));
  const [before, after] = [tables(base), tables(candidate)];
  const all = new Map([...before, ...after].flatMap(table => [...table]));
  return [...all].map(([key, { metric, setting, unit, better }]) => ({
    ...{ metric, setting, unit, better },
    base: before.map(table => table.get(key)),
    candidate: after.map(table => table.get(key)),
  }));
}
