import { extent, median } from 'd3-array';
import type { CardFigure } from '#schema/card';
import { metricName } from '#schema/run';
import type { CardDocuments } from '../documents.ts';

/** What the runs came to of some metrics, each as the median of the runs that measured it. */
export function figuresOf({ runs }: CardDocuments, metrics: readonly string[]): readonly Omit<CardFigure, 'section'>[] {
  const all = runs.flatMap(({ source, data }) =>
    data.figures.filter(f => metrics.includes(f.metric)).map(figure => ({ ...figure, name: metricName(figure), source })),
  );
  const names = [...new Set(all.map(({ name }) => name))];
  const rank = (name: string) => metrics.findIndex(metric => name === metric || name.startsWith(`${metric} (`));
  return names
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap(name => {
      const own = all.filter(figure => figure.name === name);
      const values = own.map(({ value }) => value);
      const [[low, high], middle, [first]] = [extent(values), median(values), own];
      if (first === undefined || low === undefined || middle === undefined) return [];
      return [{ what: name, value: middle, low, high, unit: first.unit, runs: own.length, source: first.source }];
    });
}
