import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { METRICS } from '#report/render/metrics/catalogue';
import { familiesOf } from '#report/render/metrics/families';
import { prometheusText } from '#report/render/metrics/prometheus-text';
import { Report } from '#schema/report';
import { failureOf, runCli } from './run-cli.ts';

const REPORTS = resolve(import.meta.dirname, '../reports');
const root = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const has = (program: string) => spawnSync(program, ['--version']).status === 0;
const [hasPromtool, hasPrometheus] = [has('promtool'), has('prometheus')];
if (!hasPromtool || !hasPrometheus)
  process.stderr.write("*** SKIPPED without prometheus and promtool: Prometheus' own word on the figures NOT checked. ***\n");

const runs = ['serving-incident', 'handoff-exposed'].map(name => join(REPORTS, name));
const reportOf = (name: string) => Report.parse(JSON.parse(readFileSync(join(REPORTS, name, 'report.json'), 'utf8')));

/** What the text format holds: series by their text. */
function seriesIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map(line => {
      const [, series = '', value = ''] = /^(\w+\{.*\}) (\S+)$/.exec(line) ?? [];
      return [series, Number(value)];
    }),
  );
}

interface Taken {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});
/** A server that keeps what it is sent. */
async function receiver(status = 200, said = ''): Promise<{ readonly url: string; readonly taken: Taken[] }> {
  const taken: Taken[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      taken.push({ method: request.method, url: request.url, headers: request.headers, body });
      response.writeHead(status).end(said);
    });
  });
  await new Promise<void>(done => server?.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, taken };
}

describe('export --prometheus', () => {
  test('tells of requests, causes, findings, energy and pipelines what the reports tell', async () => {
    const { stdout, code } = await runCli(['export', '--prometheus', ...runs]);
    expect(code).toBe(0);
    const series = seriesIn(stdout);
    const [incident, pipeline] = [reportOf('serving-incident'), reportOf('handoff-exposed')];
    const e2e = incident.latency.find(l => l.metric === 'e2e');
    expect(series.get('forensics_request_latency_seconds{run="serving-incident",metric="e2e",statistic="p99"}')).toBe(
      (e2e?.p99_ms ?? 0) / 1e3,
    );
    expect(series.get('forensics_requests{run="serving-incident",state="slow"}')).toBe(29);
    expect(series.get('forensics_energy_joules{run="serving-incident",level="gpu",valid="true"}')).toBe(
      incident.energy?.totals[0]?.energy_j,
    );
    for (const { id, severity } of incident.findings)
      expect(series.get(`forensics_finding{run="serving-incident",id="${id}",severity="${severity}"}`)).toBe(1);
    expect(series.get('forensics_findings{run="handoff-exposed",severity="high"}')).toBe(0);
    const [schedule] = pipeline.pipeline?.schedules ?? [];
    const labels = `run="handoff-exposed",schedule="${schedule?.name}",number="1"`;
    expect(series.get(`forensics_pipeline_bubble_ratio{${labels},stage="0",by="measured"}`)).toBe(schedule?.bubble[0]?.measured_share);
    expect(series.get(`forensics_pipeline_microbatches{${labels}}`)).toBe(schedule?.m);
    const own = schedule?.gantt.operations.filter(o => o.rank === 0 && o.kind === 'F').map(o => o.end_ms - o.start_ms) ?? [];
    expect(series.get(`forensics_pipeline_microbatch_seconds{${labels},rank="0",operation="F",statistic="max"}`)).toBe(
      Math.max(...own) / 1e3,
    );
  });
  test('gives every metric its help and its type once, before its series, and no series twice', async () => {
    const { stdout } = await runCli(['export', '--prometheus', ...runs]);
    const names = [...stdout.matchAll(/^# TYPE (\w+) gauge$/gm)].map(m => m[1] ?? '');
    expect(new Set(names).size).toBe(names.length);
    const parts = stdout.split(/^(?=# HELP )/m).filter(part => part !== '');
    for (const [i, part] of parts.entries())
      expect(part).toMatch(new RegExp(`^# HELP ${names[i]} .+\n# TYPE ${names[i]} gauge\n(${names[i]}\\{.*\\} \\S+\n?)+$`));
    const lines = stdout.split('\n').filter(line => /^\w/.test(line));
    expect(seriesIn(stdout).size).toBe(lines.length);
  });
  test('two runs of one name are told apart, and a file is written whole', async () => {
    const out = join(root, 'forensics.prom');
    const { code, stdout, stderr } = await runCli([
      'export',
      '--prometheus',
      runs[0] ?? '',
      join(runs[0] ?? '', 'report.json'),
      '--out',
      out,
    ]);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/\d+ figures of 2 runs handed over/);
    expect(readFileSync(out, 'utf8')).toContain('forensics_window_seconds{run="serving-incident-2"}');
  });
  test('no label names a home, a host, a login or a board; quotes and ends of lines are escaped', () => {
    const labels = {
      device: 'GPU-01234567-89ab-cdef-0123-456789abcdef',
      schedule: 'a "b"\n\\c',
      why: '/home/jo/model',
      id: 'jo@build7.corp.example.com',
    };
    const text = prometheusText(familiesOf([{ run: 'ip-10-1-2-3', samples: [{ metric: 'finding', labels, value: 1 }] }]));
    expect(text).not.toMatch(/jo\b|build7|10-1-2-3|89ab-cdef/);
    expect(text).toContain('schedule="a \\"b\\"\\n\\\\c"');
    expect(text.trim().split('\n')).toHaveLength(3);
  });
  test('two boards whose hosts are hidden stay two', () => {
    const on = (host: string, value: number) => ({
      metric: 'meteredPower' as const,
      labels: { entity: `${host}.lab.example.org GPU 0` },
      value,
    });
    const text = prometheusText(familiesOf([{ run: 'monday', samples: [on('node-1', 400), on('node-2', 500)] }]));
    expect([...seriesIn(text)]).toEqual([
      ['forensics_metered_power_watts{run="monday",entity="<host> GPU 0"}', 400],
      ['forensics_metered_power_watts{run="monday",entity="<host> GPU 0 2"}', 500],
    ]);
  });
  test.skipIf(!hasPromtool)('promtool finds nothing to complain of', async () => {
    const { stdout } = await runCli(['export', '--prometheus', ...runs]);
    const { status, stderr, stdout: said } = spawnSync('promtool', ['check', 'metrics'], { input: stdout, encoding: 'utf8' });
    expect([said, stderr, status]).toEqual(['', '', 0]);
  });
  test.skipIf(!hasPromtool)('the alert of docs/export.md fires for six hours, and without end where no time is known', () => {
    const [, rules = ''] = /```yaml\n(groups:.*?)```/s.exec(readFileSync(resolve(REPORTS, '../docs/export.md'), 'utf8')) ?? [];
    const series = (name: string, run: string) => ({
      series: `${name}{run="${run}"${name.endsWith('findings') ? ',severity="high"' : ''}}`,
    });
    const input_series = [
      { ...series('forensics_findings', 'timed'), values: '2x600' },
      { ...series('forensics_window_start_timestamp_seconds', 'timed'), values: '0x600' },
      { ...series('forensics_findings', 'timeless'), values: '2x600' },
    ];
    const fires = (run: string) => ({
      exp_labels: { run, severity: 'high' },
      exp_annotations: { summary: `${run}: 2 findings of high severity` },
    });
    const at = (eval_time: string, firing: readonly string[]) => ({
      ...{ eval_time, alertname: 'ForensicsHighFinding', exp_alerts: firing.map(fires) },
    });
    const alert_rule_test = [at('5h', ['timed', 'timeless']), at('7h', ['timeless'])];
    writeFileSync(join(root, 'rules.yml'), rules);
    writeFileSync(
      join(root, 'rules-test.json'),
      JSON.stringify({ rule_files: ['rules.yml'], evaluation_interval: '1m', tests: [{ interval: '1m', input_series, alert_rule_test }] }),
    );
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', join(root, 'rules-test.json')], { encoding: 'utf8' });
    expect([status, `${stdout}${stderr}`]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
  test.skipIf(!hasPrometheus)(
    'a real Prometheus scrapes it, and answers with it',
    async () => {
      const { stdout } = await runCli(['export', '--prometheus', ...runs]);
      const { url, taken } = await receiver(200, stdout);
      const config = join(root, 'prometheus.yml');
      const target = url.replace('http://', '');
      writeFileSync(
        config,
        `scrape_configs:\n  - job_name: forensics\n    scrape_interval: 1s\n    static_configs: [{ targets: ['${target}'] }]\n`,
      );
      const free = await receiverPort();
      const flags = [`--config.file=${config}`, `--storage.tsdb.path=${join(root, 'tsdb')}`, `--web.listen-address=127.0.0.1:${free}`];
      const child = spawn('prometheus', flags, { stdio: 'ignore' });
      try {
        const query = encodeURIComponent('forensics_requests{state="slow"}');
        const ask = async () => {
          const answer = await fetch(`http://127.0.0.1:${free}/api/v1/query?query=${query}`).catch(() => undefined);
          return answer === undefined || !answer.ok ? '' : JSON.stringify(await answer.json());
        };
        let said = '';
        for (let i = 0; i < 300 && !said.includes('"29"'); i++) {
          await sleep(100);
          said = await ask();
        }
        expect(said).toContain('"29"');
        expect(taken[0]?.url).toBe('/metrics');
      } finally {
        child.kill('SIGKILL');
      }
    },
    60_000,
  );
});

/** A port that was free a moment ago. */
async function receiverPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(done => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise(done => probe.close(done));
  return port;
}

describe('export --push', () => {
  test('puts each run into a group of its own, so that it replaces itself alone', async () => {
    const { url, taken } = await receiver();
    const { code } = await runCli(['export', ...runs, '--push', `${url}/gate/`]);
    expect(code).toBe(0);
    expect(taken.map(t => [t.method, t.url])).toEqual([
      ['PUT', '/gate/metrics/job/forensics/run/serving-incident'],
      ['PUT', '/gate/metrics/job/forensics/run/handoff-exposed'],
    ]);
    expect(taken[0]?.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(seriesIn(taken[0]?.body ?? '').get('forensics_requests{run="serving-incident",state="slow"}')).toBe(29);
    expect(taken[0]?.body).not.toContain('handoff-exposed');
  });
  test('says what a gateway says that refuses, and that one is not there', async () => {
    const { url } = await receiver(400, 'pushed metrics are\ninvalid');
    const refused = failureOf(await runCli(['export', ...runs, '--push', url]));
    expect(refused.sentence).toContain('refuses the figures (HTTP 400: pushed metrics are invalid)');
    const away = failureOf(await runCli(['export', ...runs, '--push', 'http://127.0.0.1:1']));
    expect(away.sentence).toContain('was not reached');
  });
});

test('export --otlp posts gauges with units, attributes and a time, and sends the key', async () => {
  const { url, taken } = await receiver();
  const { code } = await runCli(['export', ...runs, '--otlp', url, '--api-key-env', 'MY_KEY'], { MY_KEY: 'k3y' });
  expect(code).toBe(0);
  expect([taken[0]?.method, taken[0]?.url, taken[0]?.headers['authorization']]).toEqual(['POST', '/v1/metrics', 'Bearer k3y']);
  const { metrics } = JSON.parse(taken[0]?.body ?? '').resourceMetrics[0].scopeMetrics[0];
  const window = metrics.find((m: { name: string }) => m.name === 'forensics_window_seconds');
  expect(window).toMatchObject({
    unit: 's',
    gauge: { dataPoints: [{ attributes: [{ key: 'run', value: { stringValue: 'serving-incident' } }] }, {}] },
  });
  expect(window.gauge.dataPoints[0].timeUnixNano).toMatch(/^\d{19}$/);
  expect(window.gauge.dataPoints[0].asDouble).toBeGreaterThan(0);
});

test('export --dashboard prints panels that show metrics there are, by labels that they have', async () => {
  const { stdout, code } = await runCli(['export', '--dashboard']);
  expect(code).toBe(0);
  const { panels } = JSON.parse(stdout);
  const known = new Map(Object.values(METRICS).map(m => [m.name as string, m.help as string]));
  for (const { targets } of panels)
    for (const { expr, legendFormat } of targets) {
      const help = known.get(/^\w+/.exec(expr)?.[0] ?? '');
      expect(help).toBeDefined();
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(`run ${help}`).toMatch(new RegExp(`\\b${label}\\b`));
    }
  expect(panels.length).toBeGreaterThan(10);
});

test.each([
  ['nowhere to go', [runs[0] ?? ''], 'nothing says where the figures go'],
  ['no run', ['--prometheus'], 'no run was named'],
  ['a run that is not there', ['--prometheus', 'nowhere'], 'nowhere does not exist'],
  ['a folder without figures', ['--prometheus', resolve(import.meta.dirname)], 'holds neither a report, a case nor a load test'],
  ['a file that is none of ours', ['--prometheus', resolve(import.meta.dirname, '../package.json')], 'holds no figures that are exported'],
  ['a device, which never ends', ['--prometheus', '/dev/zero'], 'is a pipe or a device, not a file'],
  ['a password in a URL', ['--push', 'http://a:b@localhost', runs[0] ?? ''], 'a password in the URL'],
  ['a file without a format', ['--push', 'http://localhost:1', '--out', 'x', runs[0] ?? ''], '--out is for --prometheus'],
  ['a dashboard of runs', ['--dashboard', runs[0] ?? ''], '--dashboard stands alone'],
])('export refuses %s', async (_, args, sentence) => expect(failureOf(await runCli(['export', ...args])).sentence).toContain(sentence));

test('export refuses a report that says to be one and is none, by the field', async () => {
  mkdirSync(join(root, 'odd'));
  writeFileSync(join(root, 'odd/report.json'), '{"schema": "forensics.report/1"}');
  expect(failureOf(await runCli(['export', '--prometheus', join(root, 'odd')])).sentence).toMatch(
    /says that it is forensics\.report\/1, and is not \(tool\)/,
  );
});
