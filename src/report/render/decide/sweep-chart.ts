import type { TopLevelSpec } from 'vega-lite';
import type { SweepFigure, SweepPoint } from '#schema/sweep';

/** A chart of a sweep: a spec that holds its data. */
export interface SweepChart {
  readonly name: string;
  readonly title: string;
  readonly reading: string;
  readonly spec: TopLevelSpec;
}

/** The size of each, in pixels of its own; a page scales it. */
export const SIZE = { width: 560, height: 260 } as const;

/** A metric with its unit, as the title of an axis. */
export const axisTitle = (metric: string, unit: string): string => (unit === metric || unit === '' ? metric : `${metric} (${unit})`);

/** What a point came to in a metric. */
export const figureOf = ({ figures }: SweepPoint, metric: string): SweepFigure | undefined =>
  figures.find(figure => figure.metric === metric);
