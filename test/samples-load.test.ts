import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import briefLoadTest from '#input/formats/brief-load-test/importer';
import briefPower from '#input/formats/brief-power/importer';
import fioJson from '#input/formats/fio-json/importer';
import fioLog from '#input/formats/fio-log/importer';
import hdrHlog from '#input/formats/hdr-hlog/importer';
import { importers } from '#input/formats/index.gen';
import { refusalOf } from '#input/formats/known-but-not-read';
import mlperfSpl from '#input/formats/mlperf-spl/importer';
import { recognise } from '#input/formats/recognise';
import smartctl from '#input/formats/smartctl/importer';
import type { LatencyFigure } from '#schema/relation';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

/** Real files of other people's tools, which do not belong into the repository; where they are missing these tests are skipped, and say so. */
const SAMPLES = join(SHARED, 'samples');
const here = existsSync(SAMPLES);
sayWhatIsMissing('on real files the importers of load tests and power were', SAMPLES);

const read = (name: string) => readFileSync(join(SAMPLES, name), 'utf8');
const known = (name: string) => recognise(read(name), importers)?.id;
const figure = (latency: readonly LatencyFigure[] | undefined, q: number | null, statistic = 'percentile') =>
  latency?.find(f => f.q === q && f.statistic === statistic);

describe.skipIf(!here)('real files', () => {
  // Checked with awk: `awk -F, '{s+=$4} END {print s/NR, NR}'` over the file, and over its lines between power_begin and power_end.
  test('wall power of MLPerf: 5,603.8 W over the whole file, 6,280.2 W in the measured window of 2,500.1 s', () => {
    const name = 'mlperf/v4.1_NVIDIA_8xH200_MaxQ_llama2-70b_Server_run_1_spl.txt';
    expect(known(name)).toBe('mlperf-spl');
    const series = mlperfSpl.parse(read(name), name);
    expect(series.clock.kind).toBe('zoneless');
    expect(series.rows).toHaveLength(3056 * 4);
    const wall = series.rows.filter(row => row.entity === 'wall');
    const mean = (rows: readonly { value: number }[]) => rows.reduce((sum, row) => sum + row.value, 0) / rows.length;
    expect(mean(wall)).toBeCloseTo(5603.8, 1);
    // power_begin and power_end of mlperf_log_detail.txt.
    const since = (text: string) => Number(BigInt(Date.parse(text)) * 1_000_000n - series.origin_ns) / 1e6;
    const [from, to] = [since('2024-07-17T20:58:36.235Z'), since('2024-07-17T21:40:16.287Z')];
    expect((to - from) / 1000).toBeCloseTo(2500.1, 1);
    const measured = wall.filter(row => row.t_ms >= from && row.t_ms <= to);
    expect(mean(measured)).toBeCloseTo(6280.2, 1);
    const channels = series.rows.filter(row => row.t_ms === 0 && row.entity !== 'wall');
    expect(channels.map(row => row.value)).toEqual([849.2, 862.1, 799.8]);
  });

  describe('HdrHistogram logs', () => {
    test('jHiccup: relative to its start', () => {
      const name = 'hdr/jHiccup-2.0.7S.logV2.hlog';
      expect(known(name)).toBe('hdr-hlog');
      const series = hdrHlog.parse(read(name), name);
      expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: 1_441_812_279_474_000_000n });
      const [run] = series.rows;
      // Rows, largest Interval_Max (1803.551) and first start by awk; count and p99.9 by HistogramLogReader of hdr-histogram-js.
      expect(run?.windows).toHaveLength(62);
      expect(run?.start_ms).toBe(127);
      expect(figure(run?.latency, 0.999)).toMatchObject({ upper_ms: 1753.219071, n: 48_761 });
      const max = figure(run?.latency, null, 'max');
      expect(max?.lower_ms).toBeLessThanOrEqual(1803.551);
      expect(max?.upper_ms).toBeCloseTo(1803.551, 3);
      expect(run?.latency.every(f => f.metric === 'schedule_delay')).toBe(true);
    });

    test('tags: the same intervals twice, once untagged and once as A', () => {
      const series = hdrHlog.parse(read('hdr/tagged-Log.logV2.hlog'), 'tagged');
      const [plain, tagged] = series.rows;
      expect(series.rows.map(row => row.label)).toEqual([null, 'A']);
      expect(tagged?.latency).toEqual(plain?.latency);
    });

    test('YCSB: histograms of version 1, absolute times, named', () => {
      const name = 'hdr/ycsb.logV1.hlog';
      expect(known(name)).toBe('hdr-hlog');
      const series = hdrHlog.parse(read(name), name);
      expect(series.origin_ns).toBe(1_438_613_579_290_000_000n);
      const [run] = series.rows;
      expect(run).toMatchObject({ label: 'READ', start_ms: 0, completed: 300_056 });
      // Counts, p99.9 and maximum as in HistogramLogReaderWriterTest.java (ycsbV1Log).
      expect(run?.windows).toHaveLength(602);
      expect(figure(run?.latency, 0.999)).toMatchObject({ upper_ms: 1.214463, n: 300_056 });
      expect(figure(run?.latency, null, 'max')).toMatchObject({ upper_ms: 1.546239 });
      const interval = run?.windows[0];
      expect(interval).toMatchObject({ start_ms: 0, length_ms: 660 });
      // Interval_Max of the first row is 0.488.
      const max = figure(interval?.latency, null, 'max');
      expect(max?.lower_ms).toBeLessThanOrEqual(0.4885);
      expect(max?.upper_ms).toBeGreaterThanOrEqual(0.4875);
    });
  });

  describe('fio', () => {
    test('a report of ours', () => {
      expect(known('sysstat/fio_randread.json')).toBe('fio-json');
      const [run] = fioJson.parse(read('sysstat/fio_randread.json'), 'fio').rows;
      expect(run).toMatchObject({ label: 'rr', completed: 161_579, duration_s: 12.001 });
      // 1662976 ns is the middle of the bucket from 1654784 to 1671168.
      expect(figure(run?.latency, 0.99)).toEqual({
        metric: 'read',
        statistic: 'percentile',
        q: 0.99,
        lower_ms: 1.654784,
        upper_ms: 1.671168,
        n: 161_579,
      });
    });

    test('a report of fio 3.16 that SuperBench kept, with percentiles of lat', () => {
      expect(known('validation/superbench_disk_performance.log')).toBe('fio-json');
      const series = fioJson.parse(read('validation/superbench_disk_performance.log'), 'fio');
      expect(series.rows[0]).toMatchObject({ label: 'rand_read_write', completed: 2_554_337 + 2_552_154, duration_s: null });
      expect(new Set(series.rows[0]?.latency.map(f => f.metric))).toEqual(new Set(['read', 'write']));
      expect(figure(series.rows[0]?.latency, null, 'mean')?.lower_ms).toBeCloseTo(1.446562147113, 9);
      expect(series.limits.join(' ')).toContain("fio's lat:");
    });

    test('a latency log, averaged over a second', () => {
      expect(known('sysstat/fio_clat_log.csv')).toBe('fio-log');
      const series = fioLog.parse(read('sysstat/fio_clat_log.csv'), 'fio_clat_log.csv');
      expect(series.rows).toHaveLength(13);
      expect(series.rows[0]).toMatchObject({ t_ms: 1000, value: 519_939, nature: 'average', window_ms: 1000 });
    });
  });

  test('a virtual disk has no SMART data, and smartctl said why', () => {
    const name = 'sysstat/smartctl_virtio_unsupported.json';
    expect(known(name)).toBe('smartctl');
    expect(() => smartctl.parse(read(name), name)).toThrow('could not read the disk (it says "/dev/vda: Unable to detect device type")');
  });

  test('the load test of the brief: 9 requests, 36 tokens, whose p99 is the maximum', () => {
    const name = 'b200-load-test/single_gpu_load_test.json';
    expect(known(name)).toBe('brief-load-test');
    const series = briefLoadTest.parse(read(name), name);
    expect(series.rows[0]).toMatchObject({ sent: 9, completed: 9, failed: 0, output_tokens: 36 });
    expect(series.rows[0]?.output_tokens_per_s).toBeCloseTo(36 / 20.459535121917725, 9);
    expect(figure(series.rows[0]?.latency, 0.99)).toMatchObject({ lower_ms: 2488.4172916412354, n: 9 });
    expect(series.limits.join(' ')).toContain('With 9 requests, p99 is the maximum');
  });

  // Seconds as they stand in the files; each was asked for 120 s.
  test.each([
    ['155005', 4.04, 9, 1196.715, 350],
    ['155315', 70.6, 142, 1593.4426901408451, 350],
    ['161728', 50, 101, 2041.5317821782178, 300],
    ['162026', 84, 169, 2120.9513076923076, 150],
  ])('power of the brief, %s: sampled for %d s of 120 s', (time, sampled, samples, mean_w, rate) => {
    const name = `b200-load-test/power_metrics_8xB200_20251028_${time}.json`;
    expect(known(name)).toBe('brief-power');
    const series = briefPower.parse(read(name), name);
    const [run] = series.rows;
    expect(run).toMatchObject({ gpus: 8, requested_rate: rate, power: { entity: '8 GPUs', samples, mean_w, requested_s: 120 } });
    expect(run?.power?.sampled_s).toBeCloseTo(sampled, 0);
    expect(series.warnings).toEqual([expect.stringContaining('asked to run for 120 s')]);
    // The energy is a sum over the samples, so it agrees with mean times duration to a few per cent.
    const power = run!.power!;
    expect(power.energy_j! / (mean_w * power.sampled_s!)).toBeCloseTo(1, 1);
  });

  describe('known but not read', () => {
    test.each([
      ['validation/superbench_monitor.jsonl', 'a monitor log of SuperBench'],
      ['otava/local_sample.csv', 'Apache Otava'],
      ['nvidia/h200x2-smi_q.txt', 'nvidia-smi -q'],
    ])('%s', (name, title) => {
      expect(known(name)).toBeUndefined();
      expect(refusalOf(read(name), name)?.message).toContain(title);
    });

    test('files that are read are not refused', () => {
      for (const name of [
        'nvidia/h200x2-smi_q.xml',
        'nvidia/fabricmanager.log',
        'nvidia/dmesg_xid_119.log',
        'sysstat/fio_randread.json',
        'hdr/ycsb.logV1.hlog',
      ])
        expect(refusalOf(read(name), name)).toBeUndefined();
    });
  });
});
