import { expect, test } from 'vitest';
import { Report } from '#model/report';
import { chartSpecs } from '#report/chart-specs';
import { CHARTS } from '#report/charts/all';
import { draw } from '#report/charts/draw';
import { renderMarkdown } from '#report/markdown';
import { sampleReport } from './report-sample/sample.ts';

const sample = sampleReport(40);
const { charts, books } = sample;
type Requests = Report['charts']['requests'];
type Gpu = Report['charts']['gpu'];
type Host = Report['charts']['host'];

const requests = (change: (r: Requests[number], i: number) => Partial<Requests[number]>) => ({
  charts: { ...charts, requests: charts.requests.map((r, i) => ({ ...r, ...change(r, i) })) },
});
const gpu = (change: (s: Gpu[number], i: number) => Partial<Gpu[number]>) => ({
  charts: { ...charts, gpu: charts.gpu.map((s, i) => ({ ...s, ...change(s, i) })) },
});
const host = (change: (s: Host[number], i: number) => Partial<Host[number]>) => ({
  charts: { ...charts, host: charts.host.map((s, i) => ({ ...s, ...change(s, i) })) },
});

/** Reports that are odd but true: each once made a chart fail or could. */
const ODD: Readonly<Record<string, Partial<Report>>> = {
  'one request': { charts: { ...charts, requests: charts.requests.slice(20, 21) } },
  'requests that were counted but not drawn': { charts: { ...charts, requests: [] } },
  'requests that all took the same time': requests(() => ({ latency_ms: 100, expected_ms: 100, excess_ms: 0 })),
  'requests that took no time': requests(() => ({ latency_ms: 0, expected_ms: 0, excess_ms: 0 })),
  'expected times below zero': requests(() => ({ expected_ms: -5, excess_ms: -5 })),
  'only requests outside the trace': requests(() => ({ cause: 'outside the trace' })),
  'hours of requests, one of them a day long': requests((r, i) => ({
    t_ms: r.t_ms + i * 1e6,
    latency_ms: r.latency_ms * (i === 3 ? 1e6 : 1),
  })),
  'one GPU sample': { charts: { ...charts, gpu: charts.gpu.slice(0, 1) } },
  'GPU samples without readings': gpu(() => ({ power_w: null, sm_clock_mhz: null })),
  'GPU samples with holes': gpu((_, i) => ({
    power_w: i % 3 ? null : 0,
    sm_clock_mhz: i % 2 ? null : 1_980,
    throttled: i % 2 ? 'x' : null,
  })),
  'host counters of which one moved once': host((_, i) => ({
    cpu_pct: i ? null : 0,
    iowait_pct: null,
    disk_read_mb_s: null,
    major_faults_s: i === 3 ? 1 : 0,
  })),
  'devices that only idled': { charts: { ...charts, device_bins: charts.device_bins.filter(b => b.state === 'idle') } },
  'a window without length': { window: { start_ns: '5', end_ns: '5', epoch_known: false } },
  'a cause that saved time': { books: { ...books, parts: [{ cause: 'queueing', excess_ms: -4, share: -0.4 }] } },
  'causes without latencies': { latency: [], latency_inside: [], latency_outside: [] },
  'a p99 of zero': { causes: sample.causes.map(c => ({ ...c, p99_without_ms: { lower: 0, upper: 0 } })) },
};

test.each(Object.entries(ODD))('draws a report with %s', async (_, patch) => {
  const report = Report.parse({ ...sample, ...patch });
  for (const chart of CHARTS) {
    const drawing = await draw(chart, report);
    expect(drawing.absent).toBe(chart.absent(report));
    expect(drawing.svg).not.toMatch(/NaN|undefined|Infinity/);
  }
  expect(() => chartSpecs(report)).not.toThrow();
  expect(renderMarkdown(report)).not.toMatch(/NaN|undefined|Infinity/);
});
