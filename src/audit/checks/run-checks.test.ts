import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audit } from '#audit/audit';
import { readDocument } from '#audit/document/read-document';
import { type Setup, simulatedRun } from '#audit/run.test-data';
import { statementsOfFacts } from '#audit/series/facts';
import { statementsOfSummary } from '#audit/series/summary';
import type { LatencyFigure, RunSummary } from '#schema/relation';
import { runs } from '#test/thorough';

const SETUP: Setup = { seed: 7, requests: 2000, rate: 40, meanLatency_s: 0.5, prompt: 512, output: 128, gpus: 8, watts: 4800 };
const run = simulatedRun(SETUP);
const auditOf = (summary: RunSummary, file = '8xH200.json') => audit(statementsOfSummary(summary, file, 0));
const checksOf = (summary: RunSummary) => [...new Set(auditOf(summary).map(c => c.check))].toSorted();
const sentenceOf = (summary: RunSummary, check: string) => auditOf(summary).find(c => c.check === check)?.sentence ?? '';

const power = (change: Partial<NonNullable<RunSummary['power']>>): RunSummary => ({
  ...run,
  power: run.power === null ? null : { ...run.power, ...change },
});
const latency = (change: (f: LatencyFigure) => Partial<LatencyFigure>): RunSummary => ({
  ...run,
  latency: run.latency.map(f => ({ ...f, ...change(f) })),
});
const at = (ms: number) => ({ lower_ms: ms, upper_ms: ms });
const number = (value: number | null) => value ?? Number.NaN;

test('a run whose numbers follow from its events is left in peace', () => expect(auditOf(run)).toEqual([]));

describe('one number that was changed is named by', () => {
  test.each<[check: string, what: string, summary: RunSummary]>([
    [
      'power-bounds',
      'GPU power above the limit',
      power({ mean_w: 6000, min_w: 5500, max_w: 6500, energy_j: null, tokens_per_joule: null }),
    ],
    ['power-bounds', 'power that never left idle', power({ mean_w: 640, min_w: 630, max_w: 650, energy_j: null, tokens_per_joule: null })],
    [
      'power-bounds',
      'an efficiency that only an idle machine has',
      power({ mean_w: null, min_w: null, max_w: null, energy_j: null, tokens_per_joule: number(run.output_tokens_per_s) / 650 }),
    ],
    ['token-energy', 'tokens per joule', power({ tokens_per_joule: 2 * number(run.power?.tokens_per_joule ?? null), energy_j: null })],
    ['energy-total', 'energy', power({ energy_j: 1.2 * number(run.power?.energy_j ?? null), tokens_per_joule: null })],
    ['energy-total', 'a mean above the greatest', power({ max_w: 4000, energy_j: null })],
    ['sampled-time', 'the time that was sampled', power({ sampled_s: 10, energy_j: null, tokens_per_joule: null })],
    ['littles-law', 'concurrency', { ...run, concurrency: 10 }],
    ['run-totals', 'requests a second', { ...run, requests_per_s: 20, requested_rate: null }],
    ['run-totals', 'output tokens', { ...run, output_tokens: 2 * number(run.output_tokens), power: null, total_tokens_per_s: null }],
    ['run-totals', 'what came within the time of the rate', { ...run, completed_in_window: 2 * number(run.completed) }],
    ['run-totals', 'all tokens a second', { ...run, total_tokens_per_s: 2 * number(run.total_tokens_per_s) }],
    ['requests-sent', 'a rate that was never applied', { ...run, requested_rate: 400 }],
    ['requests-sent', 'more answers than requests', { ...run, requested_rate: 20 }],
    ['request-counts', 'failures', { ...run, failed: 1 }],
    ['percentile-order', 'a p99 below p95', latency(f => (f.metric === 'e2e' && f.q === 0.99 ? at(1) : {}))],
    [
      'percentile-order',
      'a mean above the maximum',
      { ...latency(f => (f.metric === 'ttft' && f.statistic === 'mean' ? at(90_000) : {})) },
    ],
    ['percentile-order', 'a mean that p99 forbids', latency(f => (f.metric === 'e2e' && f.statistic === 'mean' ? at(5) : {}))],
    ['percentile-support', 'few values', latency(() => ({ n: 40 }))],
    [
      'percentile-support',
      'no values',
      {
        ...run,
        completed: 0,
        latency: run.latency.map(f => ({ ...f, ...at(0), n: null })),
        requests_per_s: 0,
        output_tokens: 0,
        output_tokens_per_s: 0,
        power: null,
        total_tokens_per_s: null,
        input_tokens: null,
      },
    ],
  ])('%s: %s', (check, _, summary) => expect(checksOf(summary)).toEqual([check]));

  test('power-bounds tells wall power from the GPUs own', () =>
    expect(checksOf(power({ entity: 'wall', mean_w: 6280, min_w: 6000, max_w: 6500, energy_j: null, tokens_per_joule: null }))).toEqual(
      [],
    ));
  test('a slow drain is no missing load: the last answers come long after the last request', () => {
    const drained = {
      ...run,
      duration_s: 100,
      requests_per_s: 20,
      requested_rate: 40,
      output_tokens_per_s: null,
      total_tokens_per_s: null,
      power: null,
    };
    expect(checksOf({ ...drained, latency: [{ metric: 'e2e', statistic: 'max', q: null, ...at(55_000), n: null }] })).toEqual([]);
    expect(checksOf({ ...drained, latency: [{ metric: 'e2e', statistic: 'max', q: null, ...at(1000), n: null }] })).toEqual([
      'requests-sent',
    ]);
    expect(checksOf({ ...drained, latency: [] })).toEqual([]);
  });
  test('a bucket is as wide as it is: p95 may lie in the same one as p99', () => {
    const bucket = { lower_ms: 1500, upper_ms: 2000, n: 600 };
    const figures = [0.95, 0.99].map(q => ({ metric: 'e2e' as const, statistic: 'percentile' as const, q, ...bucket }));
    expect(checksOf({ ...run, latency: figures, concurrency: null, requested_rate: null })).toEqual([]);
  });
});

test('what began before its time has delays below zero, in order', () => {
  const early = [0.001, 0.01, 0.5].map((q, i) => ({
    metric: 'schedule_delay' as const,
    statistic: 'percentile' as const,
    q,
    ...at([-0.6535, -0.6474, 0.01][i] ?? 0),
    n: null,
  }));
  // As inference-perf writes them: the least, and percentiles a hair above it.
  const least = { metric: 'schedule_delay' as const, statistic: 'min' as const, q: null, ...at(-0.6542), n: null };
  expect(checksOf({ ...run, latency: [least, ...early] })).toEqual([]);
  expect(checksOf({ ...run, latency: [{ ...least, ...at(-0.5) }, ...early] })).toEqual(['percentile-order']);
});

describe('idle power of the machine itself', () => {
  const idle = (watts: number, gpus = 8, used = 0) =>
    Array.from({ length: gpus }, (_, i) =>
      Object.entries({
        product_name: 'NVIDIA H200',
        'gpu_power_readings.instant_power_draw': watts,
        'fb_memory_usage.used': used,
        'utilization.gpu_util': 0,
        'utilization.memory_util': 0,
      }).map(([name, value]) => ({
        entity: `GPU ${i}`,
        name,
        value,
        unit: name.startsWith('gpu_power') ? 'W' : name.startsWith('fb') ? 'MiB' : name.startsWith('util') ? '%' : '',
      })),
    ).flat();
  const low = power({ mean_w: 1300, min_w: 1290, max_w: 1310, energy_j: null, tokens_per_joule: null });
  const sentences = (facts: ReturnType<typeof idle>) =>
    audit([...statementsOfSummary(low, '8xH200.json', 0), ...statementsOfFacts(facts, 'q.xml')]).map(c => c.sentence);
  test('counts before that of another machine', () =>
    expect(sentences(idle(160))).toEqual([
      '1,300 W, 162.5 W for each of 8 GPUs, is only 1.56 % above idle: 8×H200 idle draw 1,280 W (q.xml), limit 5,600 W. Under load it would be far higher.',
    ]));
  test('is not known where memory is in use, or of other GPUs', () => {
    expect(sentences(idle(160, 8, 4000))).toEqual([]);
    expect(sentences(idle(160, 4))).toEqual([]);
  });
});

describe('the sentence can be worked out again', () => {
  test.each<[string, RunSummary, RegExp]>([
    ['sampled-time', power({ sampled_s: 4.04, requested_s: 120, energy_j: null, tokens_per_joule: null }), /4\.04 s of 120 s, 3\.37 %/],
    [
      'percentile-support',
      { ...run, completed: 8, latency: [{ metric: 'ttft', statistic: 'percentile', q: 0.99, ...at(734.4), n: null }] },
      /^ttft p99 734\.4 ms rest on 8 values: p99 needs 100/,
    ],
    [
      'littles-law',
      { ...run, requests_per_s: 10, concurrency: 4, latency: [{ metric: 'e2e', statistic: 'mean', q: null, ...at(2000), n: null }] },
      /^10 req\/s × 2 s mean latency = 20 requests in flight, but at most 4/,
    ],
    [
      'littles-law',
      { ...run, requests_per_s: 10, concurrency: 4, latency: [{ metric: 'e2e', statistic: 'percentile', q: 0.5, ...at(2000), n: null }] },
      /a mean of at least 1 s \(p50 is 2,000 ms\) = 10 requests in flight/,
    ],
  ])('%s', (check, summary, sentence) => expect(sentenceOf(summary, check)).toMatch(sentence));
});

describe('runs of one file', () => {
  const step = (rate: number, output: number, prompt = 512) => simulatedRun({ ...SETUP, rate, output, prompt });
  const file = (...runs: RunSummary[]) => audit(runs.flatMap((r, i) => statementsOfSummary(r, 'sweep.json', i)));
  test('with one workload are left in peace', () => expect(file(step(20, 128), step(40, 128), step(80, 128))).toEqual([]));
  test('whose answers grow shorter are named', () =>
    expect(file(step(20, 128), step(80, 70)).map(c => c.check)).toEqual(['tokens-per-request']));
  test('with other prompts are other workloads', () => expect(file(step(20, 128), step(80, 70, 2048))).toEqual([]));
});

describe('one run in two files', () => {
  const LOG = (p99: string) => `The run made 128,310 tokens/s with p99 of ${p99}.`;
  const json: RunSummary = {
    ...run,
    output_tokens_per_s: 128_312,
    output_tokens: null,
    total_tokens_per_s: null,
    requested_rate: null,
    concurrency: null,
    power: null,
    gpus: null,
    latency: [0.9, 0.99].map((q, i) => ({ metric: 'e2e', statistic: 'percentile', q, ...at([180.2, 213.4][i] ?? 0), n: null })),
  };
  const both = (text: string, summary: RunSummary) =>
    audit([...readDocument(text, 'r.md').statements, ...statementsOfSummary(summary, 'run.json', 0)]);
  test('may agree', () => expect(both(LOG('213.4 ms'), json)).toEqual([]));
  test('and disagree where two other figures prove that it is one run', () => {
    const text = 'The run made 128,310 tokens/s with p90 of 180.2 ms and p99 of 312.4 ms.';
    expect(both(text, json)).toMatchObject([
      { check: 'results-disagreement', sentence: expect.stringContaining('312.4 ms in r.md, but e2e 0.99'.replace('0.99', 'p99')) },
    ]);
  });
  test('one equal figure proves nothing', () => expect(both(LOG('312.4 ms'), json)).toEqual([]));
  test('a thousandfold misreading is named, by the figure that is the same in both', () => {
    const small = { ...json, output_tokens_per_s: 1.7596 };
    expect(both('Expect ~1.8K tokens/sec with P99 of ≈213 ms.', small)).toMatchObject([
      {
        check: 'unit-misreading',
        sentence: expect.stringMatching(/"~1\.8K tokens\/sec" is 1,000 times 1\.76 \(run\.json\), while e2e p99 \(213\.4 ms/),
      },
    ]);
    expect(both('Expect ~1.8K tokens/sec with P99 of ≈330 ms.', small)).toEqual([]);
    expect(both('Expect ~2.4K tokens/sec with P99 of ≈213 ms.', small)).toEqual([]);
    expect(both('Expect ≥1,760 tokens/sec with P99 of ≈213 ms.', small)).toEqual([]);
  });
});

describe('a simulated run', () => {
  const setups = fc.record({
    seed: fc.integer({ min: 1, max: 1e9 }),
    requests: fc.integer({ min: 500, max: 1500 }),
    rate: fc.integer({ min: 2, max: 500 }),
    meanLatency_s: fc.double({ min: 0.05, max: 20, noNaN: true }),
    prompt: fc.integer({ min: 1, max: 8192 }),
    output: fc.integer({ min: 1, max: 2048 }),
    gpus: fc.integer({ min: 1, max: 8 }),
    watts: fc.integer({ min: 300, max: 600 }),
  });
  const made = setups.map(s => simulatedRun({ ...s, watts: s.watts * s.gpus }));
  const file = (r: RunSummary) => auditOf(r, `${r.gpus}xH200.json`);
  test('never contradicts itself', () =>
    fc.assert(
      fc.property(made, r => {
        expect(file(r)).toEqual([]);
      }),
      runs(25),
    ));

  const factor = fc.constantFrom(1 / 3, 3);
  const FIELDS = ['duration_s', 'requests_per_s', 'output_tokens_per_s', 'total_tokens_per_s', 'output_tokens'] as const;
  test('with one number changed by a factor is named, with that number', () =>
    fc.assert(
      fc.property(made, fc.constantFrom(...FIELDS), factor, (r, field, by) => {
        const changed = number(r[field]) * by;
        const found = file({ ...r, [field]: changed });
        expect(found.some(c => c.from.some(s => s.path === field))).toBe(true);
      }),
      runs(25),
    ));
  test('with its power or energy changed by a factor is named, with that number', () =>
    fc.assert(
      fc.property(made, fc.constantFrom('mean_w', 'energy_j', 'tokens_per_joule', 'sampled_s'), factor, (r, field, by) => {
        const own = r.power;
        if (own === null) throw new Error('no power');
        // Tokens per joule do not say which tokens: three times as many may be right for all of them.
        const all = number(r.total_tokens_per_s) / number(r.output_tokens_per_s);
        fc.pre(field !== 'tokens_per_joule' || Math.abs(all / by - 1) > 0.5);
        const found = file({ ...r, power: { ...own, [field]: number(own[field as 'mean_w']) * by } });
        expect(found.some(c => c.from.some(s => s.path === `power.${field}`))).toBe(true);
      }),
      runs(25),
    ));
});
