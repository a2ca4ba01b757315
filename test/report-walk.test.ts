import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { getOrCompute } from '#core/get-or-compute';
import { renderMarkdown } from '#report/render/markdown';
import { summaryLines } from '#report/render/summary/lines';
import { renderSummary } from '#report/render/summary/markdown';
import type { Report } from '#schema/report';
import { contradictionsOf } from '#schema/report-invariants';
import { reportOn } from './report-on.ts';
import { THOROUGH } from './thorough.ts';
import { reportWithout, TAKEN } from './without-inputs.ts';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');
const names = readdirSync(FIXTURES, { withFileTypes: true })
  .filter(e => e.isDirectory() && existsSync(join(FIXTURES, e.name, 'trace.sqlite.gz')))
  .map(e => e.name);
const PATIENCE = 240_000;
/** With the path of the report below them. */
const MOST_LINES = 12;
/** A kernel's name, a template, a mangled symbol. */
const KERNEL = /::|<[\w:]+|_Z\w{6}|nvjet|cutlass|gemm_|elementwise_kernel/;

/** What must hold of every report, whatever was there to make it from. */
function walk(report: Report): void {
  expect(contradictionsOf(report)).toEqual([]);
  const missing = report.grounds.filter(g => !g.available).map(g => g.need);
  for (const { about, needs } of report.statements) expect([about, needs.filter(n => missing.includes(n))]).toEqual([about, []]);
  const said = new Set(report.statements.map(s => s.about));
  for (const f of report.findings) expect(said).toContain(`finding ${f.id}`);
  for (const c of report.causes) expect(said).toContain(`cause ${c.cause}`);
  const lines = summaryLines(report);
  expect(lines.length + 2).toBeLessThanOrEqual(MOST_LINES);
  for (const line of [...lines, report.summary.verdict]) expect(line).not.toMatch(KERNEL);
  expect(renderSummary(report).trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_LINES);
  expect(renderMarkdown(report)).toContain(report.summary.verdict.slice(0, 20));
  if (report.requests === null) {
    expect(report.answer + report.summary.verdict).not.toMatch(/requests? in flight|slow requests?\b/);
    expect(report.findings.map(f => f.title + f.detail).join(' ')).not.toContain('requests in flight');
  }
  for (const c of report.summary.causes) {
    // A cause may have a row of incidents and one of what holds in every step.
    const rows = report.causes.filter(x => x.cause === c.cause).map(({ excess_ms, share }) => ({ excess_ms, share }));
    expect(rows).toContainEqual({ excess_ms: c.excess_ms, share: c.share });
  }
  if (report.summary.healthy) expect(report.findings.filter(f => f.severity === 'high' || f.severity === 'medium')).toEqual([]);
}

describe('every report agrees with itself', () => {
  test.each(names)('%s', async name => walk(await reportOn(name)), PATIENCE);
});

/** In CI every fixture is analyzed without each input; else one of a server, and one of several GPUs without what it has. */
const SEVERAL_GPUS = ['memcpy', 'kernel'];
const of = (taken: string) => (THOROUGH ? names : SEVERAL_GPUS.includes(taken) ? ['clean', 'handoff-exposed'] : ['clean']);
if (!THOROUGH) process.stderr.write('*** LEFT OUT without FORENSICS_ALL_RUNS=1: most fixtures without one of their inputs. ***\n');
const known = new Map<string, Promise<Report>>();
/** Each is asked for once. */
const without = (name: string, taken: string) => getOrCompute(known, `${name} ${taken}`, () => reportWithout(name, taken));
describe.each(Object.keys(TAKEN))('and does so without %s', taken => {
  test.each(of(taken))('%s', async name => walk(await without(name, taken)), PATIENCE);
});

test(
  'without its requests a clean run is not called host-bound: what its thread waited for is not known',
  async () => {
    const { findings, detectors, summary, lane_books } = await without('clean', 'requests');
    expect(findings.filter(f => f.severity !== 'info')).toEqual([]);
    expect(detectors.find(d => d.cause === 'host-blocked')?.verdict).not.toBe('found');
    expect(lane_books[0]?.parts[0]).toMatchObject({ what: 'waiting' });
    expect(summary.verdict).toMatch(/^GPU 0 worked for 11 % .* for 77 % the thread that feeds it waited/);
  },
  PATIENCE,
);

test(
  'without kernels nothing is said of busy or of causes',
  async () => {
    const { answer, summary, detectors, lane_books } = await without('clean', 'kernel');
    expect(`${answer} ${summary.verdict}`).not.toMatch(/busy|host-bound|nothing was found|nothing held/);
    expect(summary.verdict).toContain('cannot be told');
    expect(detectors.every(d => d.verdict === 'cannot-tell')).toBe(true);
    expect(lane_books).toEqual([]);
  },
  PATIENCE,
);
