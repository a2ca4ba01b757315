import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import guidellm from '#input/formats/guidellm/importer';
import inferencePerf from '#input/formats/inference-perf/importer';
import inferencex from '#input/formats/inferencex/importer';
import mlperf from '#input/formats/mlperf-loadgen/importer';
import type { AnySeries, LatencyFigure, RunSummary } from '#schema/relation';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

/** Real results of other people's tools, which are not in the repository. Expected values were read off the files with python and jq. */
const SAMPLES = join(SHARED, 'samples');
const here = existsSync(SAMPLES);
sayWhatIsMissing('on real files the importers of inference tests were', SAMPLES);

interface Reads {
  readonly id: string;
  sniff(head: string): boolean;
  parse(text: string, source: string): AnySeries;
}
const IMPORTERS: readonly Reads[] = [guidellm, inferencePerf, inferencex, mlperf];
/** Each file must be known to its importer and to none of its neighbours. */
const read = (importer: Reads, name: string): Extract<AnySeries, { kind: 'summary' }> => {
  const text = readFileSync(join(SAMPLES, name), 'utf8');
  expect(IMPORTERS.filter(({ sniff }) => sniff(text.slice(0, 64 * 1024))).map(({ id }) => id)).toEqual([importer.id]);
  const series = importer.parse(text, name);
  if (series.kind !== 'summary') throw new Error('not a summary');
  return series;
};
const figure = (
  row: RunSummary | undefined,
  metric: LatencyFigure['metric'],
  statistic: LatencyFigure['statistic'],
  q: number | null = null,
) => {
  const found = row?.latency.filter(one => one.metric === metric && one.statistic === statistic && one.q === q) ?? [];
  expect(found).toHaveLength(1);
  expect(found[0]?.lower_ms).toBe(found[0]?.upper_ms);
  return { ms: found[0]?.lower_ms, n: found[0]?.n };
};

describe.skipIf(!here)('real results of inference tests', () => {
  test('InferenceX: seconds without a unit', () => {
    const { rows, limits, origin_ns } = read(inferencex, 'loadtest/inferencex_glm5_fp8_vllm_tp8_isl8192_osl128_conc16.json');
    expect(rows[0]).toMatchObject({
      model: 'zai-org/GLM-5-FP8',
      concurrency: 16,
      sent: 160,
      completed: 160,
      output_tokens: 20480,
      requested_rate: null,
    });
    expect(rows[0]?.output_tokens_per_s).toBeCloseTo(115.274, 3);
    expect(figure(rows[0], 'ttft', 'percentile', 0.99)).toEqual({ ms: expect.closeTo(14431.0658225976, 6), n: 160 });
    expect(figure(rows[0], 'e2e', 'percentile', 0.5).ms).toBeCloseTo(17728.696141391993, 6);
    // 20260213-120009 read as if it were UTC (date -u -d '2026-02-13 12:00:09' +%s).
    expect(origin_ns).toBe(1770984009_000000000n);
    expect(limits.join(' ')).toMatch(/cannot be laid over a trace.*no zone/);
  });

  test.each([
    ['conc4', 40, 7318.954995963723],
    ['conc64', 640, 84303.47274420784],
  ])('InferenceX: %s', (load, completed, p99) => {
    const { rows } = read(inferencex, `loadtest/inferencex_glm5_fp8_vllm_tp8_isl8192_osl128_${load}.json`);
    expect(figure(rows[0], 'e2e', 'percentile', 0.99)).toEqual({ ms: expect.closeTo(p99, 6), n: completed });
  });

  test('inference-perf: a stage that kept its rate, and one that fell behind', () => {
    const kept = read(inferencePerf, 'loadtest/inference-perf_stage_3_lifecycle_metrics.json').rows[0];
    expect(kept).toMatchObject({ sent: 6715, completed: 6715, failed: 0, requested_rate: 111.92 });
    expect(figure(kept, 'e2e', 'percentile', 0.999)).toEqual({ ms: expect.closeTo(2105.329943839694, 6), n: 6715 });
    expect(figure(kept, 'schedule_delay', 'min').ms).toBeCloseTo(-1.9978160271421075, 9);
    const behind = read(inferencePerf, 'loadtest/inference-perf_stage_6_lifecycle_metrics.json').rows[0];
    expect(behind?.requested_rate).toBe(222.83);
    expect(behind?.requests_per_s).toBeCloseTo(113.66, 2);
    expect(figure(behind, 'schedule_delay', 'max').ms).toBeCloseTo(54948.42667016201, 6);
  });

  test('inference-perf: what Prometheus worked out is no percentile', () => {
    const { rows, limits } = read(inferencePerf, 'loadtest/inference-perf_stage_3_prometheus_metrics.json');
    expect(rows[0]).toMatchObject({ completed: 13234, requests_per_s: 167.527364, output_tokens_per_s: 10736.888907 });
    expect(rows[0]?.latency.map(({ metric, statistic, lower_ms }) => [metric, statistic, lower_ms])).toEqual([
      ['e2e', 'mean', expect.closeTo(1688.954, 6)],
      ['ttft', 'mean', expect.closeTo(129.569, 6)],
      ['tpot', 'mean', expect.closeTo(24.781, 6)],
    ]);
    expect(limits.join(' ')).toContain('inside the buckets');
  });

  test('GuideLLM: without requests it is a summary of each rate', () => {
    const { rows, limits, clock, origin_ns } = read(guidellm, 'loadtest/guidellm_report_v2_no_requests.json');
    expect(clock.kind).toBe('epoch');
    expect(Number(origin_ns) / 1e9).toBeCloseTo(1786678148.2526348, 5);
    expect(rows.map(row => [row.label, row.requested_rate, row.sent, row.completed, row.model])).toEqual([
      ['constant 2', 2, 2, 2, 'e2e-mock-model'],
      ['constant 4', 4, 2, 2, 'e2e-mock-model'],
    ]);
    expect(figure(rows[0], 'e2e', 'mean')).toEqual({ ms: expect.closeTo(19.78909969329834, 9), n: 2 });
    expect(figure(rows[0], 'ttft', 'percentile', 0.99).ms).toBeCloseTo(11.686325073242188, 9);
    expect(rows[0]?.end_ms).toBeCloseTo(5019.648, 3);
    expect(rows[1]?.start_ms).toBeCloseTo(15316.049, 2);
    expect(limits.join(' ')).toMatch(/cannot be laid over a trace.*2 requests, p99 is the maximum/);
  });

  describe('MLPerf LoadGen, 8×H200', () => {
    const run = 'mlperf/v4.1_NVIDIA_8xH200_MaxQ_llama2-70b_Server_run_1_mlperf_log';
    test('the detail log has a window of 2,500.052 s', () => {
      const { rows, clock, origin_ns, warnings } = read(mlperf, `${run}_detail.txt`);
      expect(clock).toEqual({ kind: 'zoneless', uncertainty_ms: 1 });
      // date -u -d '2024-07-17 20:58:36' +%s
      expect(origin_ns).toBe(1721249916_235000000n);
      expect(rows[0]).toMatchObject({
        label: 'llama2-70b-Server-SUT, Server',
        start_ms: 0,
        end_ms: 2_500_052,
        requested_rate: 80,
        sent: 196_608,
        output_tokens_per_s: 23_113.1,
      });
      expect(figure(rows[0], 'e2e', 'percentile', 0.99)).toEqual({ ms: expect.closeTo(131437.590396, 6), n: 196_608 });
      expect(figure(rows[0], 'ttft', 'percentile', 0.999).ms).toBeCloseTo(658.798454, 6);
      expect(figure(rows[0], 'tpot', 'mean').ms).toBeCloseTo(136.483939, 6);
      expect(warnings).toEqual([]);
    });
    test('the summary says the same', () => {
      const { rows, clock, warnings } = read(mlperf, `${run}_summary.txt`);
      expect(clock).toEqual({ kind: 'none' });
      expect(rows[0]).toMatchObject({ output_tokens_per_s: 23_113.14, requests_per_s: 79.36, requested_rate: 80 });
      expect(rows[0]?.latency).toHaveLength(27);
      expect(figure(rows[0], 'ttft', 'percentile', 0.97).ms).toBeCloseTo(443.266392, 6);
      expect(figure(rows[0], 'e2e', 'max')).toEqual({ ms: expect.closeTo(155484.851413, 6), n: null });
      expect(warnings).toEqual([]);
    });
  });
});
