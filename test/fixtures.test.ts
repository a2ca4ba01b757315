import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { scoreReport } from '#app/score/score';
import { knownFaults, Truth } from '#app/score/truth';
import { chartSpecs } from '#report/render/chart-specs';
import { renderJson } from '#report/render/json';
import type { Cause } from '#schema/causes';
import { Report } from '#schema/report';
import { TraceStore } from '#trace/nsys/trace-store';
import type { evidence } from '#trace/queries/index.gen';
import { reportOn } from './report-on.ts';
import { some, THOROUGH } from './thorough.ts';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');
const SHIPPED = z.fromJSONSchema(JSON.parse(readFileSync(resolve(FIXTURES, '../schemas/forensics.report-1.schema.json'), 'utf8')));
const PATIENCE = 120_000;
/** Analyzed a second time; in CI all are. */
const TWICE: readonly string[] = ['openai-load'];
/** A queue has no sharp edge: it begins with the first request that waits. */
const START_ERROR_MS = { queueing: 100, other: 20 };
const UNEXPLAINED = 0.15;

/** Causes of which the issue's own captures have no example; `forensics capture` made the fixtures that show them. */
const NEW_CAUSES: readonly Cause[] = [
  ...(['storage-io', 'host-blocked', 'memory-allocation', 'device-sync', 'paging', 'queueing', 'clock-throttle'] as const),
  'profiler-artefact',
];

/** Those of servers; pipelines have tests of their own, test/pipeline/fixtures.test.ts. */
const names = readdirSync(FIXTURES, { withFileTypes: true })
  .filter(e => e.isDirectory() && existsSync(join(FIXTURES, e.name, 'requests.jsonl')))
  .map(e => e.name);
/** A fixture is opened again for that. */
const ASKED_AGAIN = some(names, 3, 'evidence of fixtures, asked for again');
const isCase = (name: string) => existsSync(join(FIXTURES, name, 'case.json'));
const truthOf = (name: string) => Truth.parse(JSON.parse(readFileSync(join(FIXTURES, name, 'truth.json'), 'utf8')));
const textsOf = (report: Report) => [renderJson(report), ...chartSpecs(report).map(({ name, spec }) => `${name} ${JSON.stringify(spec)}`)];

describe.each(names)('fixture %s', name => {
  const truth = truthOf(name);
  const planted = knownFaults(truth).filter(f => f.planted);
  let report: Report;
  beforeAll(async () => {
    report = await reportOn(name);
  }, PATIENCE);

  test('finds every planted fault, with its cause first, and accuses nothing else', () => {
    const score = scoreReport(name, report, truth);
    expect(score).toMatchObject({ faults: planted.length, abstained: 0, falseAccusations: 0 });
    expect(score.ac1).toBe(planted.length > 0 ? 1 : null);
  });

  test.skipIf(planted.length === 0)('leaves little unexplained', () => expect(report.unexplained.share).toBeLessThanOrEqual(UNEXPLAINED));

  test('says when each began', () => {
    for (const fault of truth.faults) {
      const [cause] = knownFaults({ faults: [fault] }).flatMap(f => f.causes);
      const { worstStartError_ms } = scoreReport(name, report, { faults: [fault] });
      expect(worstStartError_ms).toBeLessThanOrEqual(cause === 'queueing' ? START_ERROR_MS.queueing : START_ERROR_MS.other);
    }
  });

  test('keeps books that add up', () => {
    const { excess_ms, parts } = report.books;
    expect(parts.reduce((s, p) => s + p.excess_ms, 0)).toBeCloseTo(excess_ms, 6);
    for (const p of parts) expect(p.excess_ms).toBeGreaterThanOrEqual(0);
    const e2e = report.latency.find(l => l.metric === 'e2e');
    for (const c of report.causes) {
      expect(c.p99_without_ms!.lower).toBeLessThanOrEqual(c.p99_without_ms!.upper);
      expect(c.p99_without_ms!.upper).toBeLessThanOrEqual(e2e!.p99_ms + 1e-9);
    }
    const ids = report.incidents.map(i => i.id);
    for (const c of report.causes) expect(c.incidents.filter(id => !ids.includes(id))).toEqual([]);
  });

  test('gives a report that passes its schema and the JSON Schema that ships', () => {
    const json: unknown = JSON.parse(renderJson(report));
    expect(Report.safeParse(json).error).toBeUndefined();
    expect(SHIPPED.safeParse(json).error).toBeUndefined();
  });

  test('says how its trace was recorded, where forensics recorded it', () => {
    if (isCase(name)) expect(report.recording).toMatchObject({ preset: 'serving', closed_by: 'its time was up', flags: [] });
    else expect(report.recording).toBeNull();
  });

  test.runIf(ASKED_AGAIN.includes(name))('shows evidence that a reader can ask for again', async () => {
    const store = await TraceStore.open(join(FIXTURES, name, 'trace.sqlite.gz'));
    const items = [...report.incidents.flatMap(i => i.evidence), ...report.causes.flatMap(c => c.evidence)];
    for (const { query, params, rows } of items) {
      const answer = store.ask(query as keyof typeof evidence, params as never);
      expect(answer.ok && answer.rows.slice(0, rows.length)).toEqual(rows);
    }
    store.close();
    if (report.incidents.some(i => i.causes[0]?.cause !== 'queueing')) expect(items.length).toBeGreaterThan(0);
  });

  test.skipIf(!THOROUGH && !TWICE.includes(name))(
    'gives the same bytes for the same input',
    async () => {
      const again = await runAnalysis(join(FIXTURES, name), {}, NO_CORRECTION, () => {});
      expect(textsOf(again)).toEqual(textsOf(report));
    },
    PATIENCE,
  );

  if (name === 'clean')
    test('has no incident but queueing, and names no cause but queueing', () => {
      expect(report.incidents.filter(i => i.causes[0]?.cause !== 'queueing')).toEqual([]);
      expect(report.causes.map(c => c.cause).filter(c => c !== 'queueing')).toEqual([]);
      expect(report.findings.filter(f => f.severity === 'high')).toEqual([]);
    });

  if (name === 'openai-load')
    test('is laid over the log of forensics load by the clocks of both, which agree to a millisecond', () => {
      expect(report.clock.method).toMatch(/^epoch stamps of the load test/);
      const [, median = ''] =
        /^Requests end ([\d.]+) ms \(median/.exec(report.clock.notes.find(n => n.startsWith('Requests end')) ?? '') ?? [];
      expect(Number(median)).toBeGreaterThan(0);
      expect(Number(median)).toBeLessThan(1);
      const [sent, intended] = [report.latency, report.latency_intended].map(list => list?.find(l => l.metric === 'e2e')?.p50_ms);
      expect(intended).toBeGreaterThanOrEqual(sent!);
    });

  const natural = knownFaults(truth).filter(f => !f.planted);
  // The clock was down in most of the heavy steps of clock-throttle, so their usual time holds it: an open miss.
  const naming = name === 'clock-throttle' ? test.fails : test;
  if (natural.length > 0)
    naming('names what nobody planted too', () => {
      expect(report.causes.map(c => c.cause)).toEqual(expect.arrayContaining(natural.flatMap(f => f.causes)));
    });
});

test('forensics capture made fixtures of eight causes that the captures of the issue lack', () => {
  const shown = new Set(names.filter(isCase).flatMap(name => knownFaults(truthOf(name)).flatMap(f => f.causes)));
  expect(NEW_CAUSES.filter(c => !shown.has(c))).toEqual([]);
  expect([...shown].filter(c => !NEW_CAUSES.includes(c)).sort()).toEqual(['blocking-copy', 'gpu-contention', 'head-of-line']);
});

test('there are fixtures', () => expect(names.length).toBeGreaterThan(10));
