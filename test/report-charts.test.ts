import { compile } from 'vega-lite';
import { describe, expect, test } from 'vitest';
import { chartSpecs } from '#report/render/chart-specs';
import { CHARTS } from '#report/render/charts/all';
import { pageSpec, strictLogger } from '#report/render/charts/compile';
import { draw } from '#report/render/charts/draw';
import type { Report } from '#schema/report';
import { parallelReport } from './report-sample/parallel.ts';
import { sampleReport } from './report-sample/sample.ts';
import { trainingReport } from './report-sample/training.ts';
import { bareReport, calmReport, crowdedParallel, crowdedReport, hostileReport } from './report-sample/variants.ts';
import { some, THOROUGH } from './thorough.ts';

const REPORTS: readonly (readonly [string, Report])[] = [
  ['sample', sampleReport()],
  ['bare', bareReport()],
  ['calm', calmReport()],
  ['crowded', crowdedReport()],
  ['hostile', hostileReport()],
  ['parallel', parallelReport()],
  ['crowded parallel', crowdedParallel()],
  ['training', trainingReport()],
];

/** Drawn a second time, to the same bytes; in CI all are. */
const TWICE = 'sample';

/** What may be met anywhere in a spec. */
interface Node {
  readonly data?: { readonly name?: string };
  readonly filter?: unknown;
  readonly test?: unknown;
  readonly field?: unknown;
}

interface Use {
  readonly table: string;
  readonly field: string;
}

/** Every field a spec uses, with the table of the layer that uses it. */
function uses(node: unknown, table = ''): Use[] {
  if (node === null || typeof node !== 'object') return [];
  if (Array.isArray(node)) return node.flatMap(item => uses(item, table));
  const { data, filter, test: condition, field: named } = node as Node;
  const own = data?.name ?? table;
  const read = [...JSON.stringify(filter ?? condition ?? '').matchAll(/datum\.(\w+)/g)].map(m => ({
    table: own,
    field: m[1] ?? '',
  }));
  const field = typeof named === 'string' ? [{ table: own, field: named }] : [];
  return [...field, ...read, ...Object.values(node).flatMap(inner => uses(inner, own))];
}

describe.each(CHARTS.map(chart => [chart.name, chart] as const))('chart %s', (_, chart) => {
  test('uses only fields that its rows have', () => {
    const fields = new Map(chart.tables.map(t => [t.name, t.fields]));
    const used = [chart.spec, ...(chart.other ? [chart.other.spec] : [])].flatMap(spec => uses(spec));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter(u => !fields.get(u.table)?.includes(u.field))).toEqual([]);
    expect(chart.tables.flatMap(t => Object.keys(t.columns).filter(c => !t.fields.includes(c)))).toEqual([]);
  });

  test('has a unit on every axis that it draws', () => {
    const axes: string[] = [];
    JSON.stringify(chart.spec, (key, value) => {
      if (key === 'axis' && value !== null) axes.push(value.labelExpr ?? value.title);
      return value;
    });
    expect(axes.filter(text => !/\((ms|ms, log|W|MHz|%|MB\/s|1\/s)\)$| s'$/.test(text))).toEqual([]);
  });

  test.each(some(REPORTS, 3, 'drawing of each chart of many reports'))(
    'draws the %s report without a warning, the same way twice',
    async (name, report) => {
      if (chart.absent(report) !== null) return;
      const once = await draw(chart, report);
      if (THOROUGH || name === TWICE) {
        expect(JSON.stringify(pageSpec(chart, report, 800))).toBe(JSON.stringify(pageSpec(chart, report, 800)));
        expect((await draw(chart, report)).svg).toBe(once.svg);
      }
      expect(once.absent).toBeNull();
      expect(once.svg.match(/<(path|text|line|rect)[ >]/g)?.length ?? 0).toBeLessThan(12_000);
      for (const [table, rows] of once.rows) expect([table.name, rows.length <= 5_000]).toEqual([table.name, true]);
    },
  );
});

test.each(REPORTS)('the charts of the %s report stand on their own as Vega-Lite', (_, report) => {
  const specs = chartSpecs(report);
  expect(specs).toEqual(chartSpecs(report));
  for (const { spec } of specs) {
    expect(JSON.stringify(spec)).not.toContain('var(--');
    expect(() => compile(spec as never, { logger: strictLogger })).not.toThrow();
  }
});

test('every chart that the sample can fill is there, by name', () => {
  expect(chartSpecs(sampleReport()).map(c => c.name)).toEqual([
    'overview',
    'request-latency',
    'device-activity',
    'gpu-power',
    'gpu-clock',
    'host-cpu',
    'host-disk',
    'books',
    'p99-without',
    'latency-distribution',
  ]);
  const parallel = ['overview', 'device-activity', 'pipeline-gantt', 'pipeline-bubble', 'pipeline-excess', 'collective-wait'];
  expect(chartSpecs(parallelReport()).map(c => c.name)).toEqual(parallel);
  expect(chartSpecs(trainingReport()).map(c => c.name)).toEqual(['overview', 'device-activity', 'collective-wait', 'step-times']);
  expect(chartSpecs(bareReport())).toEqual([]);
});

test('a few requests that took many times as long make the axis logarithmic, so that the others stay apart, and the page says so', async () => {
  const sample = sampleReport();
  const [first, ...others] = sample.charts.requests;
  if (first === undefined) throw new Error('the sample has requests');
  const longest = Math.max(...others.map(r => r.latency_ms));
  const drawnWith = async (latency_ms: number) => {
    const report = { ...sample, charts: { ...sample.charts, requests: [{ ...first, latency_ms }, ...others] } };
    const chart = CHARTS.find(c => c.name === 'request-latency');
    if (chart === undefined) throw new Error('the chart is there');
    const { said } = await draw(chart, report);
    const spec = JSON.stringify(chartSpecs(report).find(c => c.name === 'request-latency')?.spec);
    return { log: spec.includes('"type":"log"'), said: said !== '' };
  };
  expect(await drawnWith(longest)).toEqual({ log: false, said: false });
  expect(await drawnWith(10 * longest)).toEqual({ log: true, said: true });
});

test('no label of an incident covers another, and the worst has its own', async () => {
  const sample = sampleReport();
  const [first] = sample.incidents;
  const [chart] = CHARTS.filter(c => c.name === 'request-latency');
  if (first === undefined || chart === undefined) throw new Error('the sample has an incident, and the chart is there');
  // Three causes in turn: not one story. Pairs that begin together, and clusters.
  const causes = ['host-compute', 'storage-io', 'queueing'] as const;
  const incidents = [0, 0, 10, 40, 41, 300, 330, 900, 901, 902, 2000].map((at, i) => ({
    ...first,
    ...{ id: `I${i + 8}`, start_ms: first.start_ms + at, end_ms: first.start_ms + at + 20, excess_ms: (i * 7) % 11 },
    causes: [{ ...first.causes[0], cause: causes[i % 3] ?? 'queueing', share: 1 }] as typeof first.causes,
  }));
  const { svg } = await draw(chart, { ...sample, incidents });
  const labels = [...svg.matchAll(/<text[^>]*transform="translate\(([\d.]+),[^>]*>(I\d+)</g)]
    .map(([, x, label = '']) => ({ label, from: Number(x), to: Number(x) + 6.5 * label.length }))
    .sort((a, b) => a.from - b.from);
  expect(labels.length).toBeGreaterThan(2);
  expect(labels.filter((l, i) => l.from < (labels[i - 1]?.to ?? 0))).toEqual([]);
  const worst = incidents.toSorted((a, b) => b.excess_ms - a.excess_ms)[0]?.id;
  expect(labels.map(l => l.label)).toContain(worst);
});

test('thinning never drops a GPU, however its samples take turns', () => {
  const report = crowdedReport();
  const gpu = report.charts.gpu.toSorted((a, b) => a.t_ms - b.t_ms).flatMap(s => Array.from({ length: 8 }, () => s));
  const [power] = CHARTS.find(c => c.name === 'gpu-power')?.tables ?? [];
  const rows = power?.rows({ ...report, charts: { ...report.charts, gpu } }) ?? [];
  expect(rows.length).toBeLessThanOrEqual(5_000);
  expect(new Set(rows.map(({ gpu: name }) => name)).size).toBe(8);
});
