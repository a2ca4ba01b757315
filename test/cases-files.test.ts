import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readForAudit } from '#app/audit/audit-input';
import { readSeries } from '#app/inputs/read-series';
import { audit } from '#audit/audit';
import { energyOfFiles } from '#energy/of-files';
import type { AnySeries, LatencyFigure } from '#schema/relation';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

/** Files of many tools, real or in their layout, with what is right to say of each; they do not belong into the repository. */
const CASES = join(SHARED, 'cases/files');
const here = existsSync(CASES);
sayWhatIsMissing('the files of many tools were', CASES);

const at = (name: string) => join(CASES, name);
const read = (name: string): AnySeries => {
  const series = readSeries(at(name))?.series;
  if (series === undefined) throw new Error(`${name} is in no format`);
  return series;
};
const summary = (name: string) => {
  const series = read(name);
  if (series.kind !== 'summary') throw new Error(`${name} is read as ${series.kind}`);
  return series;
};
const requests = (name: string) => {
  const series = read(name);
  if (series.kind !== 'requests') throw new Error(`${name} is read as ${series.kind}`);
  return series;
};
const facts = (name: string) => {
  const series = read(name);
  if (series.kind !== 'facts') throw new Error(`${name} is read as ${series.kind}`);
  return series;
};
const host = (name: string) => {
  const series = read(name);
  if (series.kind !== 'host') throw new Error(`${name} is read as ${series.kind}`);
  return series;
};
const figure = (latency: readonly LatencyFigure[] | undefined, metric: LatencyFigure['metric'], what: number | string) =>
  latency?.find(f => f.metric === metric && (typeof what === 'number' ? f.q === what : f.statistic === what))?.lower_ms;

describe.skipIf(!here)('files as people have them', () => {
  describe('01: AIPerf 0.10 and 0.11', () => {
    test('the model and the load of the measured phase are read', () => {
      expect(summary('01-aiperf-0.11-phases/c640.json').rows[0]).toMatchObject({ model: 'qwen3-4b', concurrency: 640 });
      expect(summary('01-aiperf-0.11-phases/r1.2.json').rows[0]).toMatchObject({ model: 'qwen3.6-nvfp4', requested_rate: 1.2 });
    });
    test.each(['c64-impossible', 'c64-impossible-oldlayout'])('%s: 596 in flight of 64 allowed is objected to', name => {
      const found = audit(readForAudit(at(`01-aiperf-0.11-phases/${name}.json`)).statements);
      expect(found.map(({ check }) => check)).toContain('littles-law');
    });
  });

  test('02: an array of OTLP exports is the exports', () => {
    for (const name of ['array', 'object']) {
      const { rows } = requests(`02-otlp-array/${name}.json`);
      const lengths = rows.map(row => [row.prompt_tokens, row.output_tokens]);
      expect(lengths).toEqual([
        [25, 2],
        [17, 40],
      ]);
      const times = rows.map(row => [(row.first_token_ms ?? 0) - row.arrival_ms, (row.finish_ms ?? 0) - row.arrival_ms]);
      expect(times.flat()).toEqual([86.948, 108.153, 73.286, 843.93].map(ms => expect.closeTo(ms, 2)));
    }
  });

  test('10: LLMPerf tells its tokens; failed requests are kept out', () => {
    const [anyscale] = summary('10-llmperf-leaderboard/individual_anyscale_70b.json').rows;
    expect(anyscale).toMatchObject({ completed: 150, failed: 0, input_tokens: 150 * 550, output_tokens: 22042 });
    expect(figure(anyscale?.latency, 'e2e', 'mean')).toBeCloseTo(2354.667, 3);
    expect(figure(anyscale?.latency, 'ttft', 'mean')).toBeCloseTo(248.903, 3);
    const [told] = summary('10-llmperf-leaderboard/summary_anyscale_70b.json').rows;
    expect(told).toMatchObject({ model: 'meta-llama/Llama-2-70b-chat-hf', concurrency: 5, sent: 150, completed: 150, failed: 0 });
    expect(figure(told?.latency, 'e2e', 'mean')).toBeCloseTo(2354.667, 3);
    expect(summary('10-llmperf-leaderboard/individual_perplexity_70b.json').rows[0]).toMatchObject({ completed: 148, failed: 2 });
  });

  test('12: InferenceX aggregates, flat and of agentic scenarios', () => {
    const folder = '12-inferencex-agg';
    const [flat, agentic] = ['bf0309600', '6c128cd22'].map(start => {
      const name = readdirSync(at(folder)).find(file => file.startsWith(start)) ?? start;
      return summary(`${folder}/${name}`).rows[0];
    });
    expect(flat).toMatchObject({
      concurrency: 4,
      gpus: 8,
      total_tokens_per_s: expect.closeTo(55.63 * 8, 0),
      output_tokens_per_s: expect.closeTo(27.68 * 8, 0),
    });
    expect(figure(flat?.latency, 'ttft', 'mean')).toBeCloseTo(317.09, 1);
    expect(figure(flat?.latency, 'ttft', 0.99)).toBeCloseTo(585.99, 1);
    expect(agentic).toMatchObject({ completed: 667, failed: 2, output_tokens_per_s: 164.23357 });
    expect(figure(agentic?.latency, 'e2e', 0.95)).toBeCloseTo(93_192.58, 2);
  });

  test('13: AIPerf timeslices are windows of a run', () => {
    const [run] = summary('13-aiperf-timeslices/timeslices.json').rows;
    expect(run?.windows.length).toBeGreaterThan(1);
    expect(figure(run?.windows[0]?.latency, 'e2e', 0.99)).toBe(2353.997281);
  });

  test.each([
    ['short_qps1', 105],
    ['sharegpt_1', 246],
  ])('14: each row of LMBenchmark %s is a request', (name, requested) => {
    const { rows, clock } = requests(`14-lmbench-csv/${name}.csv`);
    expect([rows.length, clock.kind]).toEqual([requested, 'epoch']);
    expect(rows.every(row => row.status === 'ok' && row.first_token_ms !== null && row.output_tokens !== null)).toBe(true);
  });

  test('17: a GPU in MIG mode, whose links may not be asked, is a fact', () =>
    expect(facts('17-nvlink-none/capabilities_nvlink_s.txt').rows).toContainEqual({
      entity: 'GPU 0',
      name: 'nvlink_hidden_by_mig',
      value: true,
      unit: '',
    }));

  test.each(['b200_glued', 'b200_headglue'])('19: %s, pasted with a tab lost, gives each pair of GPUs and says so', name => {
    const series = facts(`19-topo-glued/${name}.txt`);
    const pairs = series.rows.filter(row => /^GPU \d-GPU \d$/.test(row.entity) && row.name === 'nvlinks');
    expect(pairs).toHaveLength(28);
    expect(pairs.every(row => row.value === 18)).toBe(true);
    expect(series.warnings.join(' ')).toContain('a tab is lost between two cells');
  });

  test('26: kernel threads keep their names in pidstat', () => {
    const names = read('26-jc-host-tools/centos-7.7__pidstat.out').rows;
    const entities = new Set([...names].flatMap(row => ('entity' in row ? [row.entity] : [])));
    expect(entities).toContain('pid 6 (ksoftirqd/0)');
    expect(entities).toContain('pid 466 (kworker/0:1H)');
    expect(entities).toContain('pid 357 (irq/16-vmwgfx)');
    const mpstat = host('26-jc-host-tools/centos-7.7__mpstat.out');
    expect([mpstat.format, mpstat.limits.some(limit => limit.includes('since the boot'))]).toEqual(['mpstat-text', true]);
    expect(host('26-jc-host-tools/centos-7.7__vmstat-at-5-10.out').rows).toHaveLength(4);
  });

  test('39: GuideLLM 0.3, with requests and without', () => {
    expect(requests('39-guidellm-0.3/g03_req.json').rows).toHaveLength(40);
    expect(requests('39-guidellm-0.3/g03_req.json').rows[0]).toMatchObject({
      first_token_ms: expect.closeTo(50, 3),
      prompt_tokens: 8,
      output_tokens: 16,
    });
    const [run] = summary('39-guidellm-0.3/g03_sum.json').rows;
    expect(run).toMatchObject({ model: 'm/small', completed: 40, requested_rate: 2, sent: 42 });
    expect(figure(run?.latency, 'e2e', 0.5)).toBe(1900);
  });

  test('43: with speculative decoding the file says 10 ms a token, and the limits say so', () => {
    const { rows, limits } = summary('43-sglang-spec-itl/sg_spec.jsonl');
    expect(figure(rows[0]?.latency, 'itl', 'mean')).toBeCloseTo(30, 9);
    expect(figure(rows[0]?.latency, 'tpot', 'mean')).toBeCloseTo(10, 9);
    expect(limits.join(' ')).toContain('mean_itl_ms, 10 ms, is for each token');
  });

  test('51: UTF-16 of PowerShell is read, by the audit as well', () => {
    const series = read('51-smi-utf16/f_utf16.csv');
    expect([series.kind, series.rows.length > 10]).toEqual(['gpu', true]);
    expect(readForAudit(at('51-smi-utf16/f_utf16.csv')).format).toBe('nvidia-smi-csv');
  });

  describe('18: topologies of boards', () => {
    const linksOf = (name: string) =>
      new Map(facts(`18-topo-boards/${name}.txt`).rows.map(row => [`${row.entity} ${row.name}`, row.value]));
    test('GB200: NVLinks, and the memory of each GPU', () => {
      const links = linksOf('gb200');
      expect([links.get('GPU 0-GPU 3 nvlinks'), links.get('GPU 2 cpu_affinity'), links.get('GPU 3 gpu_numa_id')]).toEqual([
        18,
        '72-143',
        '26',
      ]);
    });
    test('a GPU off the fabric has no NVLink to any other', () => {
      const links = [...linksOf('b200_gpu2off')].filter(([name]) => / nvlinks$/.test(name));
      expect(links).toHaveLength(21);
      expect(links.some(([name]) => name.includes('GPU 2'))).toBe(false);
    });
    test('PCIe alone, spaces in place of tabs, and peer access', () => {
      expect(linksOf('six_pcie').get('GPU 4-GPU 5 link')).toBe('PIX');
      expect(linksOf('spaces').get('GPU 0-NIC 0 link')).toBe('PHB');
      expect(linksOf('p2p').get('GPU 0-GPU 1 peer_to_peer')).toBe('GNS');
    });
  });

  test('21: the last row of Locust tells of the run, its percentiles in their buckets', () => {
    const [run] = summary('21-locust-ramp/results_stats_history.csv').rows;
    expect(run).toMatchObject({ completed: 51_423, failed: 0, concurrency: 100 });
    expect(run?.latency.find(f => f.q === 0.99)).toMatchObject({ lower_ms: 165, upper_ms: 175 });
    expect(figure(run?.latency, 'e2e', 'mean')).toBeCloseTo(39.438, 3);
  });

  test('27: iostat of sysstat 10, its mapped devices not counted twice', () => {
    const { rows } = host('27-iostat-old/iostat_t.txt');
    const last = rows.at(-1);
    expect(last).toMatchObject({ t_ms: 2000, disk_reads: 200, disk_read_sectors: 16_000, disk_read_ms: 400, disk_io_ms: 600 });
    expect(last?.cpu_user_ticks).toBe(400);
  });

  test.each([
    ['table', false],
    ['table_bad', true],
  ])('40: tokens for each joule of %s.md, times 1.5: %j', (name, isWrong) => {
    const found = audit(readForAudit(at(`40-inferencex-power/${name}.md`)).statements).map(({ check }) => check);
    expect([found.includes('token-energy'), found.length > 0]).toEqual([isWrong, isWrong]);
  });

  test('47: without a first token there is none, and nothing is invented', () => {
    const [run] = summary('47-inference-perf-null-ttft/ip_null.json').rows;
    expect([...new Set(run?.latency.map(f => f.metric))].sort()).toEqual(['e2e', 'schedule_delay']);
    const series = requests('47-inference-perf-null-ttft/ip_req_null.json');
    expect(series.rows.every(row => row.first_token_ms === null)).toBe(true);
    expect(series.limits.join(' ')).toContain('No first token is recorded');
  });

  describe('49: errors of nvidia-smi', () => {
    const gpu = (name: string) => {
      const series = read(`49-smi-errors/${name}.csv`);
      if (series.kind !== 'gpu') throw new Error(`${name} is read as ${series.kind}`);
      return series;
    };
    test('columns of 2018, "not supported", and one column for each reason', () => {
      const [first, second] = [...gpu('b1').rows];
      expect(first).toMatchObject({ power_w: null, utilization_pct: null });
      // Power cap (4), slowdown of the hardware (8), its thermal one (0x40).
      expect(second).toMatchObject({ power_w: 250.01, utilization_pct: 99, event_reasons: 0x4 | 0x8 | 0x40 });
    });
    test('a reason that is missing is missing', () => expect([...gpu('b2').rows].map(row => row.event_reasons)).toEqual([0x64, 0, null]));
    test('a message between the samples is left out, and quoted', () =>
      expect(gpu('b3').warnings.join(' ')).toContain('failed to initialize NVML'));
    test('a GPU that is lost has no readings from then on, and energy is not fit for use', () => {
      const series = gpu('g_err');
      expect(series.warnings.join(' ')).toContain('a message instead of a recor');
      const found = energyOfFiles([{ path: 'g_err.csv', series }], { prices: {} });
      expect('totals' in found && found.totals.map(total => total.valid)).toEqual([false]);
    });
  });

  describe('54: layouts of k6 and hey', () => {
    test.each([
      ['micro.csv', 'k6-csv', 'epoch'],
      ['milli.csv', 'k6-csv', 'epoch'],
      ['old18.csv', 'k6-csv', 'epoch'],
      ['rfc.csv', 'k6-csv', 'epoch'],
      ['old2017.jsonl', 'k6-json', 'epoch'],
      ['a.csv', 'hey-csv', 'relative'],
    ])('%s is %s on a clock that is %s', (name, format, kind) =>
      expect(requests(`54-k6-hey-variants/${name}`)).toMatchObject({ format, clock: { kind } }),
    );
    test('a request begins its duration before its end; failures are told by status', () => {
      const [first] = requests('54-k6-hey-variants/old2017.jsonl').rows;
      expect((first?.finish_ms ?? 0) - (first?.arrival_ms ?? 0)).toBeCloseTo(459.865729, 5);
      expect(requests('54-k6-hey-variants/a.csv').rows.map(row => row.status)).toEqual(['failed', 'ok', 'ok']);
    });
  });

  test('56: the console of vLLM is read, and a doubled throughput found', () => {
    const { statements } = readForAudit(at('56-audit-console/serv.txt'));
    // A p99 of 32 requests is their maximum: that is said, and nothing contradicts.
    expect(audit(statements).map(({ severity }) => severity)).toEqual(['unsupported']);
    const bad = audit(readForAudit(at('56-audit-console/serv_bad.txt')).statements);
    expect(bad.some(({ severity }) => severity !== 'unsupported')).toBe(true);
  });

  test('55: journalctl -o json tells when the journal took a line', () => {
    const series = read('55-popular-unread/xid_json.log');
    expect(series).toMatchObject({ format: 'xid-log', clock: { kind: 'epoch' }, origin_ns: 1_784_116_800_123_456_000n });
    expect([...series.rows]).toMatchObject([{ entity: 'PCI 0000:3b:00', value: 79 }]);
  });

  test.each([
    ['amdsmi.csv', 'gpu', 'amd-smi-csv'],
    ['dmesg_T.log', 'samples', 'xid-log'],
    ['evalscope.json', 'summary', 'evalscope'],
    ['fortio.json', 'summary', 'fortio'],
    ['gatling.log', 'requests', 'gatling-log'],
    ['genai_perf.csv', 'summary', 'aiperf-csv'],
    ['gpustat.json', 'gpu', 'gpustat-json'],
    ['iostat_dk.txt', 'host', 'iostat-text'],
    ['iostat_t.txt', 'host', 'iostat-text'],
    ['ipmi_dcmi.txt', 'samples', 'ipmitool-dcmi'],
    ['jmeter.jtl', 'requests', 'jmeter-jtl'],
    ['k6_summary.json', 'summary', 'k6-summary'],
    ['llama_bench.json', 'summary', 'llama-bench'],
    ['locust_requests.csv', 'summary', 'locust-stats'],
    ['mpstat.txt', 'host', 'mpstat-text'],
    ['nge.prom', 'gpu', 'nvidia-gpu-exporter'],
    ['node_exporter.prom', 'host', 'node-exporter'],
    ['perf_I.txt', 'samples', 'perf-stat'],
    ['sar_u.txt', 'host', 'sar-text'],
    ['sglang.prom', 'summary', 'prometheus-sglang'],
    ['syslog.log', 'samples', 'xid-log'],
    ['tgi.prom', 'summary', 'prometheus-tgi'],
    ['trtllm_bench.json', 'summary', 'trtllm-bench'],
    ['turbostat.txt', 'samples', 'turbostat'],
    ['vegeta_report.json', 'summary', 'vegeta-report'],
  ])('55: %s is read as %s', (name, kind, format) => {
    const series = read(`55-popular-unread/${name}`);
    expect([series.kind, series.format, series.rows.length > 0]).toEqual([kind, format, true]);
  });

  test.each([
    ['smi_table.txt', 'is the table that nvidia-smi prints by itself'],
    ['smi_apps.csv', 'is a list of processes on GPUs'],
    ['smi_stats.txt', 'is a log of nvidia-smi stats'],
    ['k8s_events.txt', 'is a list of events of Kubernetes'],
  ])('55: %s is named, and refused with a reason', (name, sentence) => expect(() => read(`55-popular-unread/${name}`)).toThrow(sentence));

  test('55: figures of the popular ones', () => {
    const latency = (name: string) => summary(`55-popular-unread/${name}`).rows[0]?.latency;
    expect(figure(latency('k6_summary.json'), 'e2e', 0.95)).toBe(25);
    expect(figure(latency('vegeta_report.json'), 'e2e', 0.99)).toBe(60);
    expect(figure(latency('fortio.json'), 'e2e', 0.99)).toBe(60);
    expect(figure(latency('genai_perf.csv'), 'ttft', 'mean')).toBe(1764.61);
    expect(figure(latency('trtllm_bench.json'), 'ttft', 0.99)).toBe(500);
    expect(figure(latency('evalscope.json'), 'ttft', 'mean')).toBe(3200);
    expect(summary('55-popular-unread/k6_summary.json').rows[0]).toMatchObject({ sent: 1200, completed: 1197, failed: 3 });
    expect(summary('55-popular-unread/locust_requests.csv').rows[0]).toMatchObject({ label: 'Aggregated', completed: 1197, failed: 3 });
    expect(requests('55-popular-unread/jmeter.jtl').rows.map(row => row.status)).toEqual(['ok', 'failed']);
    expect(host('55-popular-unread/mpstat.txt').rows.at(-1)?.cpu_user_ticks).toBeCloseTo((12.5 + 13.5) * 64, 6);
    expect(host('55-popular-unread/sar_u.txt').rows.at(-1)?.cpu_user_ticks).toBeCloseTo((12.5 + 13.5) * 64, 6);
  });
});
