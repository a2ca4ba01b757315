import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { renderJunit } from '#report/render/junit/render';
import { ChromeTrace } from '#report/render/perfetto/chrome-trace';
import { Report } from '#schema/report';
import { sampleReport } from './report-sample/sample.ts';
import { assertBuilt, failureOf, type Run, runCli } from './run-cli.ts';
import { writeSmallCase } from './small-case.ts';

const PATIENCE = 120_000;
const root = mkdtempSync(join(tmpdir(), 'exports-'));
const folder = join(root, 'case');
const at = (name: string) => join(root, name);
let run: Run;
let report: Report;
const chrome = (file: string) => ChromeTrace.parse(JSON.parse(readFileSync(file, 'utf8')));

beforeAll(async () => {
  assertBuilt();
  writeSmallCase(folder);
  const options = ['--perfetto', at('all.json'), '--csv', at('csv'), '--junit', at('junit.xml'), '--github-summary', '--json'];
  run = await runCli(['analyze', folder, ...options, '--out', at('out')], { GITHUB_STEP_SUMMARY: at('summary.md') });
  report = Report.parse(JSON.parse(run.stdout));
}, PATIENCE);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('--perfetto', () => {
  const named = (file: string, name: 'process_name' | 'thread_name') =>
    chrome(file).traceEvents.flatMap(e => (e.ph === 'M' && e.name === name ? [e.args.name] : []));
  test('is a trace in the format of Chrome, with tracks for all that there is', () => {
    expect(named(at('all.json'), 'process_name')).toEqual(
      expect.arrayContaining([
        'incidents',
        'requests',
        'GPU and host samples',
        expect.stringMatching(/^GPU 0, /),
        expect.stringContaining('process 4242'),
      ]),
    );
    expect(named(at('all.json'), 'thread_name')).toEqual(
      expect.arrayContaining(['incidents', 'requests', expect.stringMatching(/^stream \d+$/)]),
    );
    expect(named(at('all.json'), 'thread_name').some(name => name.endsWith(': CUDA calls'))).toBe(true);
  });
  test('holds every kernel, incident and request, at the times of the session', async () => {
    const boxes = chrome(at('all.json')).traceEvents.flatMap(e => (e.ph === 'X' ? [e] : []));
    const of = (cat: string) => boxes.filter(b => b.cat === cat);
    const rows = JSON.parse(
      (await runCli(['query', '--sql', 'SELECT start_ns, end_ns FROM kernel ORDER BY start_ns', folder, '--json', '--limit', '999999']))
        .stdout,
    );
    const kernels = z.array(z.object({ start_ns: z.coerce.number(), end_ns: z.coerce.number() })).parse(rows);
    expect(of('kernel')).toHaveLength(kernels.length);
    expect(
      of('kernel')
        .map(k => k.ts * 1000)
        .toSorted((a, b) => a - b)
        .map(Math.round),
    ).toEqual(kernels.map(k => k.start_ns));
    expect(of('incident')).toHaveLength(report.incidents.length);
    expect(of('request')).toHaveLength(report.charts.requests.length);
    // A request that an incident slowed overlaps it on the clock of the trace.
    const slow = of('request').find(r => r.args['excess_ms'] === Math.max(...of('request').map(o => Number(o.args['excess_ms']))));
    expect(of('incident').some(i => i.ts < (slow?.ts ?? 0) + (slow?.dur ?? 0) && i.ts + i.dur > (slow?.ts ?? 0))).toBe(true);
  });
  test('boxes of one track nest or follow one another, as viewers want them', () => {
    const tracks = new Map<string, { ts: number; dur: number }[]>();
    for (const e of chrome(at('all.json')).traceEvents)
      if (e.ph === 'X') tracks.set(`${e.pid} ${e.tid}`, [...(tracks.get(`${e.pid} ${e.tid}`) ?? []), e]);
    for (const boxes of tracks.values()) {
      const open: number[] = [];
      for (const { ts, dur } of boxes.toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)) {
        while ((open.at(-1) ?? Number.POSITIVE_INFINITY) <= ts + 1e-6) open.pop();
        expect(open.length === 0 || (open.at(-1) ?? 0) >= ts + dur - 1e-6).toBe(true);
        open.push(ts + dur);
      }
    }
  });
  test(
    'shows an incident alone, with half its length around it',
    async () => {
      const [incident] = report.incidents;
      const file = at('incident.json');
      const words = ['analyze', folder, '--perfetto', file, '--perfetto-window', incident?.id ?? '', '--out', at('of incident')];
      expect((await runCli(words)).code).toBe(0);
      const boxes = chrome(file).traceEvents.flatMap(e => (e.ph === 'X' && e.cat === 'kernel' ? [e] : []));
      const all = chrome(at('all.json')).traceEvents.flatMap(e => (e.ph === 'X' && e.cat === 'kernel' ? [e] : []));
      expect(boxes.length).toBeGreaterThan(0);
      expect(boxes.length).toBeLessThan(all.length);
      const length = ((incident?.end_ms ?? 0) - (incident?.start_ms ?? 0)) * 1000;
      const box = chrome(file).traceEvents.flatMap(e =>
        e.ph === 'X' && e.cat === 'incident' && e.name.startsWith(incident?.id ?? '-') ? [e] : [],
      )[0];
      for (const { ts, dur } of boxes) {
        expect(ts + dur).toBeGreaterThan((box?.ts ?? 0) - length * 0.51);
        expect(ts).toBeLessThan((box?.ts ?? 0) + length * 1.51);
      }
    },
    PATIENCE,
  );
  test(
    'an incident that is not there is refused with those that are, and the report is there all the same',
    async () => {
      const words = ['analyze', folder, '--perfetto', at('none.json'), '--perfetto-window', 'I99', '--out', at('none')];
      const { code, stderr } = await runCli(words);
      expect(code).toBe(2);
      expect(stderr).toContain('I99, which is no incident');
      expect(stderr).toContain(`one of: ${report.incidents[0]?.id}`);
      expect(existsSync(join(at('none'), 'report.html'))).toBe(true);
    },
    PATIENCE,
  );
});

test.each([
  [['--perfetto', 'x.json', '--perfetto-window', 'incident-99'], 'names no incident'],
  [['--perfetto-window', 'I1'], 'says nothing without --perfetto'],
])('%j is refused before any work', async (words, why) => {
  const run = await runCli(['analyze', folder, ...words, '--out', at('never')]);
  expect(failureOf(run).sentence).toContain(why);
  expect([run.stderr.includes('reading'), existsSync(at('never'))]).toEqual([false, false]);
});

describe('--csv', () => {
  const table = (name: string) => Papa.parse<Record<string, string>>(readFileSync(join(at('csv'), name), 'utf8').trim(), { header: true });
  test('is a file for each table, with a row for each of its records', () => {
    expect(readdirSync(at('csv'))).toEqual(
      expect.arrayContaining([
        'incidents.csv',
        'incidents.causes.csv',
        'causes.csv',
        'latency.csv',
        'devices.csv',
        'detectors.csv',
        'charts.requests.csv',
        'charts.gpu.csv',
        'books.parts.csv',
      ]),
    );
    expect(table('incidents.csv').data.map(r => r['id'])).toEqual(report.incidents.map(i => i.id));
    expect(table('charts.requests.csv').data).toHaveLength(report.charts.requests.length);
    expect(new Set(table('incidents.causes.csv').data.map(r => r['incidents']))).toEqual(new Set(report.incidents.map(i => i.id)));
    expect(table('charts.requests.csv').errors).toEqual([]);
  });
  test('is not mixed with tables that are there', async () =>
    expect(failureOf(await runCli(['analyze', folder, '--csv', at('csv'), '--out', at('never')])).sentence).toContain(
      'already holds tables',
    ));
});

describe('--junit', () => {
  const Case = z.object({
    '@name': z.string(),
    '@classname': z.string(),
    failure: z.unknown().optional(),
    skipped: z.unknown().optional(),
  });
  const Suites = z.object({
    testsuites: z.object({
      '@tests': z.coerce.number(),
      '@failures': z.coerce.number(),
      '@skipped': z.coerce.number(),
      testsuite: z.array(z.object({ '@name': z.string(), '@tests': z.coerce.number(), testcase: z.array(Case) })),
    }),
  });
  const read = (xml: string) => {
    expect(XMLValidator.validate(xml)).toBe(true);
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      isArray: name => ['testsuite', 'testcase'].includes(name),
    });
    return Suites.parse(parser.parse(xml)).testsuites;
  };
  test('is a test for each cause that was looked for, and what nobody can tell is skipped', () => {
    const suites = read(readFileSync(at('junit.xml'), 'utf8'));
    const cases = suites.testsuite.flatMap(s => s.testcase);
    expect(suites['@tests']).toBe(cases.length);
    expect(cases.filter(c => c.failure !== undefined)).toHaveLength(suites['@failures']);
    expect(cases.filter(c => c.skipped !== undefined)).toHaveLength(report.detectors.filter(d => d.verdict === 'cannot-tell').length);
    expect(suites['@failures']).toBe(report.findings.filter(f => f.severity !== 'info').length);
  });
  test('fails what --fail-on fails, and nothing else', () => {
    const failures = (level: 'low' | 'medium' | 'high') => read(renderJunit(report, level))['@failures'];
    expect(failures('high')).toBe(report.findings.filter(f => f.severity === 'high').length);
    expect(failures('medium')).toBe(report.findings.filter(f => f.severity === 'high' || f.severity === 'medium').length);
  });
  test('holds any name of a trace as text', () => {
    const sample = sampleReport(60);
    const evil = 'a<b>&"\u0001\ud800 ]]> \u{1f600}';
    const xml = renderJunit(
      { ...sample, findings: [{ id: 'x', severity: 'high', title: evil, detail: evil, advice: '', evidence: [] }] },
      'low',
    );
    const found = read(xml).testsuite.find(s => s['@name'] === 'forensics.findings');
    expect(xml).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
    expect(JSON.stringify(found)).toContain('\u{1f600}');
  });
});

describe('--github-summary', () => {
  test('adds the answer and the causes to the summary of the step', () => {
    const text = readFileSync(at('summary.md'), 'utf8');
    expect(text).toContain('## forensics: trace.sqlite');
    expect(text).toContain('| cause |');
    expect(text).toContain(join(at('out'), 'report.html'));
  });
  test('outside of GitHub Actions is refused before the work', async () => {
    const { sentence } = failureOf(
      await runCli(['analyze', folder, '--github-summary', '--out', at('never')], { GITHUB_STEP_SUMMARY: undefined }),
    );
    expect(sentence).toContain('GITHUB_STEP_SUMMARY is not set');
    expect(existsSync(at('never'))).toBe(false);
  });
});

test.each(['--junit', '--perfetto', '--csv'])('%s below a file is refused before the work', async option => {
  writeFileSync(at('a file'), '');
  const { sentence } = failureOf(await runCli(['analyze', folder, option, join(at('a file'), 'x', 'y'), '--out', at('never')]));
  expect(sentence).toContain('is not a folder');
  expect(existsSync(at('never'))).toBe(false);
});

test('a report of the same name stays, and the next one says where it is', async () => {
  const before = readFileSync(join(at('out'), 'report.json'), 'utf8');
  expect(failureOf(await runCli(['analyze', folder, '--out', at('out')])).hint).toContain('--force');
  expect(readFileSync(join(at('out'), 'report.json'), 'utf8')).toBe(before);
});
