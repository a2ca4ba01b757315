import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import guidellm from './importer.ts';

/** Invented values in the layout of a real report (0.8.0); the real one, whose lists of requests are empty, is read in test/samples-inference.test.ts. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => guidellm.parse(text, 'g.json');
/** As a report with sample size 0 has it. */
const NO_REQUESTS = SAMPLE.replace(
  /"requests": \{[\s\S]*"total": null\s*\}/,
  '"requests": {"successful": [], "errored": [], "incomplete": [], "total": null}',
);

describe('with requests', () => {
  test('they are read with their intended start', () => {
    const series = parse(SAMPLE);
    expect(series).toMatchObject({ kind: 'requests', clock: { kind: 'epoch' }, origin_ns: 1795342500_125000000n, warnings: [] });
    expect(series.rows[0]).toMatchObject({
      id: 'r1',
      intended_ms: -125,
      arrival_ms: 0,
      first_token_ms: 125,
      finish_ms: 500,
      prompt_tokens: 32,
      status: 'ok',
    });
    expect(series.limits.join(' ')).toMatch(/step of the clock.*No times between tokens/);
  });
  test('errored is failed, incomplete is unfinished', () => {
    expect(parse(SAMPLE).rows.slice(1)).toMatchObject([
      { id: 'r2', status: 'failed', output_tokens: null },
      { id: 'r3', status: 'unfinished', arrival_ms: 1125, finish_ms: null },
    ]);
  });
  test('a strategy that sends as soon as it can has no schedule', () =>
    expect(parse(SAMPLE.replace('"constant"', '"concurrent"')).rows[0]).toMatchObject({ intended_ms: null }));
  test('a stamp before the start, as after a step of the clock, is left out', () => {
    const series = parse(SAMPLE.replace('"request_end": 1795342500.625', '"request_end": 1795342500.0'));
    expect(series.rows[0]).toMatchObject({ finish_ms: null, status: 'unfinished' });
    expect(series.warnings.join(' ')).toContain('Request 1: the end is stamped before the start');
  });
});

describe('without requests', () => {
  test('each benchmark is a run', () => {
    const series = parse(NO_REQUESTS);
    if (series.kind !== 'summary') throw new Error('not a summary');
    expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: 1795342500_000000000n });
    const [row] = series.rows;
    expect(row).toMatchObject({
      label: 'constant 2',
      model: 'm/small',
      start_ms: 0,
      end_ms: 2500,
      sent: 3,
      completed: 1,
      failed: 1,
      output_tokens: 8,
      concurrency: 512,
    });
    expect(row?.latency).toContainEqual({ metric: 'e2e', statistic: 'percentile', q: 0.001, lower_ms: 500, upper_ms: 500, n: 1 });
    expect(row?.latency).toContainEqual({ metric: 'e2e', statistic: 'percentile', q: 0.999, lower_ms: 500, upper_ms: 500, n: 1 });
    expect(series.limits.join(' ')).toMatch(/cannot be laid over a trace.*1 request, p99 is the maximum/);
  });
  test('zeros of no values are no latency', () => {
    const series = parse(NO_REQUESTS.replaceAll('"count": 1', '"count": 0'));
    expect(series).toMatchObject({ kind: 'summary', rows: [{ latency: [], output_tokens: null }] });
  });
});

describe('0.2 and 0.3', () => {
  const spread = { mean: 500, std_dev: 0, min: 500, max: 500, median: 400, count: 2, total_sum: 1000, percentiles: { p99: 500 } };
  const old = (successful: readonly object[]) =>
    JSON.stringify({
      args: {},
      benchmarks: [
        {
          type_: 'generative_benchmark',
          args: { strategy: { type_: 'constant', rate: 2 } },
          run_stats: { requests_made: { successful: 2, errored: 1, incomplete: 0, total: 3 } },
          worker: { backend_model: 'm/small' },
          metrics: { time_to_first_token_ms: { successful: spread } },
          requests: { successful, errored: [], incomplete: [] },
        },
      ],
    });

  test('requests have their stamps beside scheduler_info', () => {
    const request = {
      type_: 'generative_text_response',
      request_id: 'q0',
      scheduler_info: { targeted_start_time: 1795342500, request_start: 1795342500.125, request_end: 1795342501.5 },
      start_time: 1795342500.125,
      first_token_time: 1795342500.25,
      end_time: 1795342501.5,
      prompt_tokens: 8,
      output_tokens: 16,
    };
    expect(parse(old([request])).rows).toMatchObject([
      { id: 'q0', intended_ms: -125, arrival_ms: 0, first_token_ms: 125, finish_ms: 1375, output_tokens: 16, status: 'ok' },
    ]);
  });

  test('without requests the model, the counts, the rate and the median are read', () => {
    const [run] = parse(old([])).rows;
    expect(run).toMatchObject({ label: 'constant 2', model: 'm/small', requested_rate: 2, sent: 3, completed: 2, failed: 1 });
    expect(run && 'latency' in run && run.latency).toContainEqual({
      metric: 'ttft',
      statistic: 'percentile',
      q: 0.5,
      lower_ms: 400,
      upper_ms: 400,
      n: 2,
    });
  });
});

describe('refusals', () => {
  test.each([
    [
      'a time in words',
      SAMPLE.replace('1795342500.25,', '"soon",'),
      'g.json, field benchmarks.0.requests.successful.0.info.timings.first_token_iteration: "soon"',
    ],
    ['no benchmark', '{"metadata": {"guidellm_version": "0.8.0"}, "benchmarks": []}', 'g.json: it holds no benchmark.'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
});
