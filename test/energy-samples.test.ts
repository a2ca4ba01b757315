import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSeries } from '#app/inputs/read-series';
import { accountFor } from '#energy/account';
import { energyOfFiles } from '#energy/of-files';
import { wordEnergy, wordEnergyRuns } from '#report/build/energy';
import { energyRunsLines } from '#report/render/energy-runs';
import { energyLines } from '#report/render/energy-tables';
import { Energy, EnergyRuns } from '#schema/energy';
import { UNKNOWN_CARD } from '#schema/gpu-card';
import type { SampleSeries } from '#schema/relation';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

/** Accounts as they are printed. */
function accountOf(found: ReturnType<typeof energyOfFiles>): Energy {
  if ('runs' in found) throw new Error('several runs');
  return Energy.parse(wordEnergy(found));
}
function accountsOf(found: ReturnType<typeof energyOfFiles>): EnergyRuns {
  if (!('runs' in found)) throw new Error('a single run');
  return EnergyRuns.parse(wordEnergyRuns(found));
}

/** Other people's files are not in the repository; where they are missing these tests are skipped, and say so. */
const FOLDER = resolve(SHARED, 'samples/mlperf');
const RUN = join(FOLDER, 'v4.1_NVIDIA_8xH200_MaxQ_llama2-70b_Server_run_1');
sayWhatIsMissing("MLPerf's known answer was", FOLDER);

/** "07-17-2024 20:49:56.945" as seconds. */
function seconds(stamp: string): number {
  const [, month, day, year, clock] = /^(\d\d)-(\d\d)-(\d{4}) (.+)$/.exec(stamp) ?? [];
  return Date.parse(`${year}-${month}-${day}T${clock}Z`) / 1000;
}

/** Also what is skipped is collected, so it must not fail on what is not there. */
const textOf = (path: string) => (existsSync(FOLDER) ? readFileSync(path, 'utf8') : '');

describe.skipIf(!existsSync(FOLDER))('MLPerf v4.1, 8×H200, llama2-70b Server', () => {
  const power = textOf(`${RUN}_spl.txt`)
    .split('\n')
    .filter(line => line.startsWith('Time,'))
    .map(line => line.split(','))
    .map(cells => ({ t: seconds(cells[1] ?? ''), value: Number(cells[3]) }));
  const detail = textOf(`${RUN}_mlperf_log_detail.txt`);
  const told = (key: string) => new RegExp(`"key": "${key}", "value": "?([^",]+)`).exec(detail)?.[1] ?? '';
  const window = [seconds(told('power_begin')), seconds(told('power_end'))] as const;
  const summary = textOf(`${RUN}_mlperf_log_summary.txt`);
  const rate = Number(/^Completed tokens per second\s*:\s*([\d.]+)/m.exec(summary)?.[1]);
  const source = {
    entity: 'wall',
    level: 'wall' as const,
    power,
    counter: [],
    idle_w: undefined,
    gpu: undefined,
    card: UNKNOWN_CARD,
    path: 'spl.txt',
    ranBack: false,
  };
  const account = (window: readonly [number, number]) =>
    accountFor({
      ...{ sources: [source], window, start_ns: 0n, kind: { kind: 'asked-for' as const }, prices: {}, inUse: () => true },
      tokens: { which: 'output', count: null, per_s: rate },
    })?.totals[0];

  // By a second program (Python, trapezoids and a plain mean): 6,280.0002 W, 6,280.2140 W; 5,603.7735 W over the whole file.
  test('drew 6,280 W in its window of 2,500.1 s, at 3.680 tokens a joule', () => {
    expect(rate).toBe(23_113.14);
    expect(window[1] - window[0]).toBeCloseTo(2500.052, 3);
    expect(account(window)).toMatchObject({ valid: true, codes: [] });
    expect(account(window)?.mean_of_readings_w.toFixed(1)).toBe('6280.2');
    expect(account(window)?.mean_w).toBeCloseTo(6280.0002, 3);
    expect(account(window)?.tokens_per_joule?.toFixed(3)).toBe('3.680');
  });
  test('the same comes of the files as they are', () => {
    const files = ['spl.txt', 'mlperf_log_detail.txt'].flatMap(name => readSeries(`${RUN}_${name}`) ?? []);
    const energy = accountOf(energyOfFiles(files, { prices: { kwhUsd: 0.16 } }));
    expect(energy.window.length_s).toBeCloseTo(2500.052, 3);
    expect(energyLines(energy)).toEqual([
      // 6280 W at $0.16/kWh over 23,113.1 tok/s: 6.28 × 0.16 / 83.207 = $0.0121.
      'Wall: 6,280.0 W over time; 6,280.2 W as the mean of its readings; 15.7 MJ; 3.680 tok/J; 1M tokens cost $0.012 ($0.012 for electricity at a PUE of 1)',
    ]);
  });
  test('seems to have drawn 5,603.8 W where idle time before and after is not cut off', () =>
    expect(account([power[0]!.t, power.at(-1)!.t])?.mean_of_readings_w.toFixed(1)).toBe('5603.8'));
});

const REPORT = resolve(FOLDER, '../loadtest/guidellm_report_v2_no_requests.json');
describe.skipIf(!existsSync(REPORT))('a report of GuideLLM with two rates', () => {
  const priced = () => {
    const files = [readSeries(REPORT) ?? []].flat();
    const origin_ns = files[0]?.series.origin_ns ?? 0n;
    /** A meter at the wall that reads 1 kW more each second, from the start of the first rate. */
    const rows: SampleSeries['rows'] = Array.from({ length: 600 }, (_, i) => ({
      ...{ t_ms: i * 100, entity: 'wall', metric: 'power', unit: 'W', value: 100 * i },
      ...{ nature: 'average' as const, window_ms: 100 },
    }));
    const meter: SampleSeries = {
      ...{
        kind: 'samples',
        cards: new Map(),
        ranBack_ms: 0,
        format: 'test',
        clock: { kind: 'epoch', uncertainty_ms: 0 },
        origin_ns,
        rows,
        limits: [],
        warnings: [],
      },
    };
    return { files, energy: accountsOf(energyOfFiles([{ path: 'meter', series: meter }, ...files], { prices: {} })) };
  };

  test('each rate has the power of its own window, and its own tokens', () => {
    const { files, energy } = priced();
    expect(energy.runs.map(r => [r.run, r.label, r.why_none])).toEqual([
      [1, 'constant 2', null],
      [2, 'constant 4', null],
    ]);
    const summary = files[0]?.series.kind === 'summary' ? files[0].series.rows : [];
    energy.runs.forEach((run, i) => {
      const [start = 0, end = 0, rate = 0] = [summary[i]?.start_ms, summary[i]?.end_ms, summary[i]?.output_tokens_per_s].map(v => v ?? 0);
      // Power is a straight line, so its mean is that of the middle of the window: in W, as many as milliseconds.
      const [total] = run.energy?.totals ?? [];
      expect(total?.mean_w).toBeCloseTo((start + end) / 2, 3);
      expect(total?.tokens_per_joule).toBeCloseTo(rate / ((start + end) / 2), 9);
      expect(rate).toBeGreaterThan(0);
    });
  });
  test('as text, each has a heading', () => {
    const lines = energyRunsLines(priced().energy);
    expect(lines[0]).toMatch(
      /^guidellm_report_v2_no_requests\.json, run 1 of 2 \(constant 2, concurrency 10,240, 2 requests a second asked for\)$/,
    );
    expect(lines.filter(line => line.includes('Wall: '))).toHaveLength(2);
  });
});
