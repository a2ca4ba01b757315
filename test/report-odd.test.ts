import { beforeAll, expect, test } from 'vitest';
import { chartSpecs } from '#report/render/chart-specs';
import { CHARTS } from '#report/render/charts/all';
import { draw } from '#report/render/charts/draw';
import { renderHtml } from '#report/render/html';
import { renderMarkdown } from '#report/render/markdown';
import { Report } from '#schema/report';
import { buildBundle } from './report-sample/pages.ts';
import { collectivesSample, pipelineSample } from './report-sample/parallel.ts';
import { sampleReport } from './report-sample/sample.ts';
import { schedule } from './report-sample/schedule.ts';
import { some } from './thorough.ts';

beforeAll(buildBundle, 120_000);

const sample = sampleReport(40);
const { charts } = sample;
type Pipeline = NonNullable<Report['pipeline']>;
type Collectives = NonNullable<Report['collectives']>;
const pipeline = (change: (s: Pipeline['schedules'][number], i: number) => Partial<Pipeline['schedules'][number]>) => {
  const seen = pipelineSample();
  return { pipeline: { ...seen, schedules: seen.schedules.map((s, i) => ({ ...s, ...change(s, i) })) } };
};
const collectives = (change: Partial<Collectives>) => ({ collectives: { ...collectivesSample(), ...change } });
const times = { forward_ms: 1, backward_ms: 2, handoff_ms: 0.1, noise: 0 };
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

function pipelineOf(n: number): Partial<Report> {
  const [first] = pipelineSample().schedules;
  return { pipeline: { ...pipelineSample(), schedules: Array.from({ length: n }, () => first as NonNullable<typeof first>) } };
}

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
  'a window without length': {
    window: { start_ns: '5', end_ns: '5', epoch_known: false, start_ms: 0 },
    ...{ incidents: [], devices: [], causes: sample.causes.map(c => ({ ...c, incidents: [] })) },
  },
  'a cause that cost nothing': { books: { excess_ms: 0, parts: [{ cause: 'queueing', excess_ms: 0, share: 0 }] } },
  'causes without latencies': { latency: [], latency_inside: [], latency_outside: [] },
  'a pipeline without schedules': { pipeline: { ...pipelineSample(), schedules: [], copies: [], comparison: [], nvlink_share: null } },
  'schedules without operations': pipeline(() => ({ gantt: { operations: [], handoffs: [] }, iteration_ms: [], bubble: [], excess: [] })),
  'operations that took no time': pipeline(s => ({
    gantt: { handoffs: [], operations: s.gantt.operations.slice(0, 1).map(o => ({ ...o, end_ms: o.start_ms })) },
  })),
  'operations and hand-offs of devices that p does not know': pipeline(() => ({ p: 1, bubble: [] })),
  'a bubble below theory': pipeline(s => ({ excess_ms: -3, excess: s.excess.map(e => ({ ...e, ms: -0.6 })) })),
  'no bubble at all, and no theory': pipeline(s => ({
    name: 'dualpipe',
    bubble: s.bubble.map(b => ({ ...b, measured_share: 0, measured_share_range: [0, 0], theory_share: null, simulated_share: 0 })),
    handoffs: { ...s.handoffs, count: 0, expected: null, bytes: null, median_us: null, latency_us: null, gbps: null, hidden_share: null },
  })),
  'backwards of weights and no phases': pipeline(s => ({
    name: 'zb-h1',
    gantt: { ...s.gantt, operations: s.gantt.operations.map((o, i) => ({ ...o, kind: i % 3 ? o.kind : 'W', phase: null })) },
  })),
  'a pipeline of 200 devices': { pipeline: { ...pipelineSample(), schedules: [schedule('1f1b', { p: 200, m: 8, v: 1 }, times)] } },
  'forty schedules': pipelineOf(40),
  'copies that name no rate': {
    pipeline: { ...pipelineSample(), copies: pipelineSample().copies.map(c => ({ ...c, gbps: null, median_us: null, bytes: 0 })) },
  },
  'collectives that could not be matched': collectives({ ops: 0, kinds: [], per_rank: [], late: [], ranks: [], skew: [] }),
  'collectives that took no time': collectives({
    transfer_ms: 0,
    wait_ms: 0,
    jitter_ms: 0,
    per_rank: [{ rank: 'a', device: 'GPU 0', transfer_ms: 0, wait_ms: 0, jitter_ms: 0, point_to_point_ms: 0, late: 0 }],
  }),
  'more jitter than wait': collectives({ jitter_ms: 1e6 }),
  'a p99 of zero': { causes: sample.causes.map(c => ({ ...c, p99_without_ms: { lower: 0, upper: 0 } })) },
};

test.each(some(Object.entries(ODD), 6, 'reports that are odd but true'))('draws a report with %s', async (_, patch) => {
  const report = Report.parse({ ...sample, ...patch });
  for (const chart of CHARTS) {
    const drawing = await draw(chart, report);
    expect(drawing.absent).toBe(chart.absent(report));
    expect(drawing.svg).not.toMatch(/NaN|undefined|Infinity/);
  }
  expect(() => chartSpecs(report)).not.toThrow();
  if (report.pipeline !== null || report.collectives !== null) {
    const [content = ''] = (await renderHtml({ ...report, requests: null })).split('<script type="application/json"');
    expect(content).not.toMatch(/could not be drawn|\[object |\bNaN\b|\bundefined\b|Infinity/);
  }
  expect(renderMarkdown({ ...report, requests: null })).not.toMatch(/NaN|undefined|Infinity/);
  expect(renderMarkdown(report)).not.toMatch(/NaN|undefined|Infinity/);
});
