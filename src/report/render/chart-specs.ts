import type { Report } from '#schema/report';
import { CHARTS } from './charts/all.ts';
import { standaloneSpec } from './charts/standalone.ts';

const WIDTH = 800;

/** Every chart that the report can fill, as a Vega-Lite spec with its data: for `charts/*.vl.json` and any Vega viewer. */
export const chartSpecs = (report: Report): { name: string; spec: object }[] =>
  CHARTS.filter(chart => chart.absent(report) === null).map(chart => ({ name: chart.name, spec: standaloneSpec(chart, report, WIDTH) }));
