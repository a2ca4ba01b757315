import { beforeAll, describe, expect, test } from 'vitest';
import { chartSpecs } from '#report/render/chart-specs';
import { renderMarkdown } from '#report/render/markdown';
import { Report } from '#schema/report';
import { htmlOf } from './report-sample/html-of.ts';
import { buildBundle } from './report-sample/pages.ts';
import { crowdedPipeline, parallelReport, pipelineSample } from './report-sample/parallel.ts';
import { sampleReport } from './report-sample/sample.ts';
import { schedule } from './report-sample/schedule.ts';

beforeAll(buildBundle, 120_000);

/** What a reader sees: without markup, data and script. */
const seen = async (report: Report) => {
  const [page = ''] = (await htmlOf(report)).split('<script type="application/json"');
  return page
    .slice(page.indexOf('<body'))
    .replace(/<svg[\s\S]*?<\/svg>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0]+/g, ' ');
};

type Rows = readonly Readonly<Record<string, unknown>>[];
function rows(report: Report, chart: string, table: string): Rows {
  const spec = chartSpecs(report).find(c => c.name === chart)?.spec as { datasets: Record<string, Rows> } | undefined;
  return spec?.datasets[table] ?? [];
}
const of = (pipeline: Report['pipeline']): Report => Report.parse({ ...parallelReport(), pipeline });

test('a report of one GPU does not speak of pipelines or collectives', async () => {
  for (const text of [await seen(sampleReport()), renderMarkdown(sampleReport())])
    expect(text).not.toMatch(/pipeline|collective|microbatch/i);
  expect(await htmlOf(sampleReport())).not.toMatch(/id="(pipeline|collectives)"/);
});

test('each section is there without the other', async () => {
  const [pipeline, collectives] = [renderMarkdown(parallelReport('pipeline')), renderMarkdown(parallelReport('collectives'))];
  expect([pipeline.includes('## Pipeline'), pipeline.includes('## Collectives')]).toEqual([true, false]);
  expect([collectives.includes('## Pipeline'), collectives.includes('## Collectives')]).toEqual([false, true]);
  expect(await htmlOf(parallelReport('collectives'))).not.toContain('href="#pipeline"');
  expect(await htmlOf(parallelReport('pipeline'))).not.toContain('href="#collectives"');
});

describe('a run without requests', () => {
  test('has key numbers of its own, and none of requests', async () => {
    const [head = ''] = (await htmlOf(parallelReport())).split('<nav');
    for (const part of ['Bubble, mean of the devices', 'Beyond theory', 'Exposed hand-offs', 'Wait in collectives', 'rank 1'])
      expect(head).toContain(part);
    expect(head).not.toMatch(/p99|Slow requests/);
    const [late = ''] = (await htmlOf(parallelReport('collectives'))).split('<nav');
    for (const part of ['Host computing', 'late 5 times', 'Jitter', '33.8 ms']) expect(late).toContain(part);
    const [alone = ''] = (await htmlOf(parallelReport('pipeline'))).split('<nav');
    for (const part of ['Unexplained', 'Hand-offs', '320 copies', '386 GB/s']) expect(alone).toContain(part);
  });

  test('leaves out books and latency, and begins with the pipeline', async () => {
    const page = await htmlOf(parallelReport());
    expect(page).not.toMatch(/id="(books|latency)"|href="#(books|latency)"|p99 without it/);
    expect(page.indexOf('id="pipeline"')).toBeLessThan(page.indexOf('id="timeline"'));
    expect(renderMarkdown(parallelReport())).not.toMatch(/p99 without|p99 with and|## Latency|## The books/);
  });

  test('with requests, the timeline comes first and the books stay', async () => {
    const page = await htmlOf({ ...sampleReport(), pipeline: pipelineSample() });
    expect(page.indexOf('id="timeline"')).toBeLessThan(page.indexOf('id="pipeline"'));
    expect(page).toContain('href="#books"');
    expect(page).toContain('p99, end to end');
  });
});

test.each([
  ['report.html', seen],
  ['report.md', async (report: Report) => renderMarkdown(report)],
] as const)('%s says what was measured', async (_, render) => {
  const text = await render(parallelReport());
  for (const part of [
    '1F1B “baseline”',
    'Interleaved 1F1B',
    'p = 2, m = 8, v = 2',
    '15.8 %',
    '11.1 %',
    '64 MiB',
    '386 GB/s',
    'Exposed copies',
    'before the forward of microbatch 4',
    'hand-offs took no time',
    'through the host',
    '8.3 % of its peak',
    'Copies it sends, hidden',
    '13 %',
    '1.047×',
    '1.031× – 1.062×',
    'SM clock at 1,755 MHz',
    'AllReduce',
    '455 ms',
    '1.204 s',
    'Host computing',
    'NCCL_P2P_DISABLE=1',
    '-3.22 ms',
    'What could not be told of the pipeline',
    'What could not be told of the collectives',
  ])
    expect(text).toContain(part);
});

test('the glossary explains the words, where they occur', async () => {
  const words = ['Bubble', 'Hand-off', 'Warm-up', 'Steady', 'Cool-down', 'Virtual stage', 'Collective', 'Late rank', 'Jitter'];
  const [parallel, serving] = [await htmlOf(parallelReport()), await htmlOf(sampleReport())];
  expect(words.filter(word => !parallel.includes(`<dt>${word}</dt>`))).toEqual([]);
  expect(words.filter(word => serving.includes(`<dt>${word}</dt>`))).toEqual([]);
});

describe('the Gantt chart', () => {
  test('has a bar for every operation, at its time in the iteration, and a line for every hand-off', () => {
    const report = parallelReport();
    const bars = rows(report, 'pipeline-gantt', 'gantt_operation');
    const operations = report.pipeline?.schedules.flatMap(s => s.gantt.operations) ?? [];
    expect(bars.length).toBe(operations.length);
    const sum = (values: readonly unknown[]) => values.reduce((a: number, b) => a + Number(b), 0);
    expect(sum(bars.map(b => b['dur_ms']))).toBeCloseTo(sum(operations.map(o => o.end_ms - o.start_ms)), 1);
    expect(Math.min(...bars.map(b => Number(b['start_ms'])))).toBe(0);
    expect(rows(report, 'pipeline-gantt', 'gantt_handoff').length).toBe(report.pipeline?.schedules.flatMap(s => s.gantt.handoffs).length);
    expect(new Set(bars.map(b => b['label']))).toContain('7′');
  });

  test('no bar of a row covers another, and no bubble is drawn over', () => {
    for (const report of [parallelReport(), of(crowdedPipeline())]) {
      const bars = rows(report, 'pipeline-gantt', 'gantt_operation');
      const covered = bars.filter((bar, i) => {
        const before = bars[i - 1];
        return before?.['middle'] === bar['middle'] && Number(bar['start_ms']) < Number(before?.['end_ms']) - 1e-3;
      });
      expect(covered).toEqual([]);
    }
  });

  test('joins neighbours where there are more operations than marks, and says so', async () => {
    const long = schedule('interleaved', { p: 8, m: 64, v: 4 }, { forward_ms: 0.5, backward_ms: 1, handoff_ms: 0.05, noise: 0.1 });
    const report = of({ ...pipelineSample(), schedules: [...pipelineSample().schedules, long] });
    const bars = rows(report, 'pipeline-gantt', 'gantt_operation');
    expect(long.gantt.operations.length).toBe(4_096);
    expect(bars.length).toBeLessThanOrEqual(3_501);
    // The small ones keep all of theirs.
    expect(bars.filter(b => b['schedule'] === '1F1B “baseline”').length).toBe(32);
    // A bar of several operations shows no number: it would be that of the first alone.
    expect(bars.filter(b => b['stage'] === 'several' && b['label'] !== '')).toEqual([]);
    expect(await seen(report)).toContain('Interleaved 1F1B: there are more operations than can be told apart');
  });

  test('leaves out whole schedules for which there is no room, and says so', async () => {
    const [first] = pipelineSample().schedules;
    if (first === undefined) throw new Error('the sample has schedules');
    const report = of({ ...pipelineSample(), schedules: Array.from({ length: 60 }, () => first) });
    expect(rows(report, 'pipeline-gantt', 'gantt_lane').length).toBe(96);
    expect(await seen(report)).toContain('Not drawn, for want of room');
  });
});

test('the excess closes with the unexplained, even where it is nothing', () => {
  const { schedules, ...rest } = pipelineSample();
  const bare = schedules.map(s => ({ ...s, excess: s.excess.filter(e => e.why !== 'unexplained') }));
  for (const report of [parallelReport(), of({ ...rest, schedules: bare })]) {
    const parts = rows(report, 'pipeline-excess', 'excess_part');
    const names = (schedule: unknown) => parts.filter(p => p['schedule'] === schedule).map(p => p['name']);
    for (const schedule of new Set(parts.map(p => p['schedule']))) expect(names(schedule).at(-1)).toBe('Unexplained');
  }
});

test('the bubble is drawn beside theory and simulation', () => {
  const [first] = rows(parallelReport(), 'pipeline-bubble', 'bubble_stage');
  expect(first).toMatchObject({ name: 'GPU 0', theory: 11.11 });
  expect(Number(first?.['measured'])).toBeGreaterThan(Number(first?.['simulated']));
});

test('what no rank is known to have waited for is not shared out over ranks', () => {
  const parts = rows(parallelReport(), 'collective-wait', 'collective_share');
  expect(parts.map(p => [p['name'], p['part'], p['ms']])).toEqual([
    ['mean', 'transfer', 402.6],
    ['mean', 'wait for late ranks', 227.6],
    ['mean', 'jitter', 33.8],
    ['rank 0', 'transfer', 402.6],
    ['rank 0', 'wait', 489.7],
    ['rank 1', 'transfer', 402.6],
    ['rank 1', 'wait', 33.1],
  ]);
});

test('a cause names the state of the machine that bears on it, and links it', async () => {
  const report = parallelReport();
  const [cause] = report.causes;
  const state: Report['findings'][number] = {
    ...{
      id: 'machine-nccl-p2p-disabled',
      severity: 'high',
      title: 'The environment forbids NCCL the direct way',
      detail: 'd',
      advice: 'a',
    },
    ...{ evidence: [], bears_on: [cause!.cause] },
  };
  const told = { ...report, findings: [...report.findings, state] };
  const page = await htmlOf(told);
  expect(page).toContain('<a href="#machine-nccl-p2p-disabled">The environment forbids NCCL the direct way</a> (high)');
  expect(page).toContain('id="machine-nccl-p2p-disabled"');
  expect(renderMarkdown(told)).toContain('**State of the machine** (see Findings): The environment forbids NCCL the direct way (high)');
  expect(renderMarkdown(report)).not.toContain('State of the machine');
});
