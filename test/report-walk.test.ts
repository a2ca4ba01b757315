import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ms, percent, seconds } from '#core/format/numbers';
import { getOrCompute } from '#core/get-or-compute';
import { renderMarkdown } from '#report/render/markdown';
import { md } from '#report/render/markdown/text';
import { summaryLines } from '#report/render/summary/lines';
import { renderSummary } from '#report/render/summary/markdown';
import { NEVER_SAID, PRIVATE_WORDS, TERM, type Term, termsIn } from '#report/render/terms';
import { verdictWords } from '#report/render/verdict-wording';
import { incidentOf } from '#report/render/whose-evidence';
import { causeTitle } from '#report/render/wording';
import { MOST_BARS } from '#schema/incident-timeline';
import type { Report } from '#schema/report';
import { contradictionsOf } from '#schema/report-invariants';
import { reportOn } from './report-on.ts';
import { some, THOROUGH } from './thorough.ts';
import { reportWithout, TAKEN } from './without-inputs.ts';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');
const names = readdirSync(FIXTURES, { withFileTypes: true })
  .filter(e => e.isDirectory() && existsSync(join(FIXTURES, e.name, 'trace.sqlite.gz')))
  .map(e => e.name);
const PATIENCE = 240_000;
/** With the path of the report below them. */
const MOST_LINES = 12;
/** Words of the field, which the first lines may use: their readers know them, or the next word says it. */
const ALLOWED_FIRST: ReadonlySet<Term> = new Set(['delay', 'timeLost', 'handOff', 'bubble', 'headOfLine', 'exposed', 'incident']);
/** A kernel's name, a template, a mangled symbol. */
const KERNEL = /::|<[\w:]+|_Z\w{6}|nvjet|cutlass|gemm_|elementwise_kernel/;

/** Shares, times and verdicts of the texts are those of the JSON. */
function saysWhatTheJsonSays(report: Report): void {
  const text = renderMarkdown(report);
  const total = report.books.excess_ms;
  for (const part of report.books.parts) expect(part.share).toBeCloseTo(total > 0 ? part.excess_ms / total : 0, 6);
  for (const c of report.summary.causes)
    expect(text).toContain(`| ${md(causeTitle(c.cause))} | ${ms(c.excess_ms)} | ${md(percent(c.share))} |`);
  for (const d of report.detectors) expect(text).toContain(`| ${d.detector} | ${md(causeTitle(d.cause))} | ${md(verdictWords(d))} |`);
  for (const i of report.incidents) {
    expect(text).toContain(`| ${i.id} | ${seconds(i.start_ms)} | ${seconds(i.end_ms)} | ${ms(i.held_up_ms)} |`);
    expect(i.story.startsWith(`At ${seconds(i.start_ms)}, for ${ms(i.end_ms - i.start_ms)}`)).toBe(true);
  }
  for (const { p99_ms } of report.latency.filter(l => l.metric === 'e2e' && report.requests !== null))
    if (/p99 was/.test(report.summary.verdict)) expect(report.summary.verdict).toContain(`p99 was ${ms(p99_ms)}`);
  // A cause that a verdict calls clear is named nowhere.
  const clear = report.detectors.filter(d => d.verdict === 'clear').map(d => d.cause);
  for (const c of report.causes) expect(clear).not.toContain(c.cause);
}

/** The twelve lines hold no private word; the text defines each that it uses. What the trace calls its own kernels and calls is not ours. */
function definesItsWords(report: Report): void {
  const first = [...summaryLines(report).slice(1), renderSummary(report)].join('\n');
  const text = renderMarkdown(report);
  for (const never of NEVER_SAID) expect(`${first}\n${text}`).not.toMatch(never);
  for (const term of termsIn(text)) expect(text).toContain(`- ${PRIVATE_WORDS[term].title}: ${TERM[term]}.`);
  expect(termsIn(first).filter(term => !ALLOWED_FIRST.has(term))).toEqual([]);
}

/** The worst incident is drawn with half its length to each side, in few bars, inside the window. */
function drawsItsIncidents({ incidents, window }: Report): void {
  const [worst] = incidents.toSorted((a, b) => b.excess_ms - a.excess_ms || a.start_ms - b.start_ms);
  const end = window.start_ms + Number(BigInt(window.end_ns) - BigInt(window.start_ns)) / 1e6;
  for (const { timeline, start_ms, end_ms } of incidents) {
    if (timeline === null) continue;
    const room = (end_ms - start_ms) / 2;
    expect(timeline.start_ms).toBeCloseTo(Math.max(window.start_ms, start_ms - room), 4);
    expect(timeline.end_ms).toBeCloseTo(Math.min(end, end_ms + room), 4);
    expect(timeline.tracks.flatMap(t => t.bars).length).toBeLessThanOrEqual(MOST_BARS);
    for (const bar of timeline.tracks.flatMap(t => t.bars))
      expect(bar.end_ms >= timeline.start_ms && bar.start_ms <= timeline.end_ms).toBe(true);
  }
  if (worst !== undefined) expect(worst.timeline).not.toBeNull();
}

/** Rows shown of an incident are of its own time, and of the thread at its root; those of a cause are of an incident of that cause. */
function showsItsOwnEvidence(report: Report): void {
  for (const { evidence, start_ms, end_ms, causes } of report.incidents)
    for (const { params } of evidence) {
      expect([Number(params['from_ns']) / 1e6, Number(params['to_ns']) / 1e6].map(t => t.toFixed(4))).toEqual(
        [Math.floor(start_ms * 1e6) / 1e6, Math.ceil(end_ms * 1e6) / 1e6].map(t => t.toFixed(4)),
      );
      if (params['thread_id'] !== undefined) expect(params['thread_id']).toBe(causes[0]?.root?.thread);
    }
  for (const cause of report.causes) if (cause.evidence.length > 0) expect(cause.incidents).toContain(incidentOf(cause, report));
}

/** Causes of a pipeline that stand for one reason each. */
const OF_REASON = { 'stage-imbalance': 'stage-imbalance', staged: 'peer-copy-staged', 'exposed-copy': 'handoff-exposed' } as const;

/** A share of a pipeline is of one whole everywhere: in the first line, in the list of causes and in the JSON. */
function sharesOneWhole(report: Report): void {
  const { pipeline, causes, summary } = report;
  if (pipeline === null) return;
  const shareOf = (why: string) => pipeline.beyond_theory.find(part => part.why === why)?.share ?? 0;
  const total = pipeline.beyond_theory.reduce((sum, part) => sum + part.share, 0);
  if (total > 0) expect(total).toBeCloseTo(1, 6);
  const [, said] = /([\d.]+ %) of the time beyond/.exec(summary.verdict) ?? [];
  const [, unexplained] = /([\d.]+ %) is unexplained/.exec(summary.verdict) ?? [];
  if (said !== undefined) expect(said).toBe(percent(pipeline.beyond_theory.find(part => part.why !== 'unexplained')?.share ?? 0));
  if (unexplained !== undefined) expect(unexplained).toBe(percent(shareOf('unexplained')));
  for (const [why, cause] of Object.entries(OF_REASON))
    for (const { share } of causes.filter(c => c.cause === cause)) expect(share).toBeCloseTo(shareOf(why), 6);
  const late = causes.filter(c => c.subject.includes('launches after their device was free'));
  expect(late.reduce((sum, c) => sum + c.share, 0)).toBeLessThanOrEqual(shareOf('launch-starvation') + 1e-9);
}

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
  saysWhatTheJsonSays(report);
  definesItsWords(report);
  drawsItsIncidents(report);
  showsItsOwnEvidence(report);
  sharesOneWhole(report);
  if (report.summary.healthy) expect(report.findings.filter(f => f.severity === 'high' || f.severity === 'medium')).toEqual([]);
}

describe('every report agrees with itself', () => {
  test.each(some(names, 4, 'reports that agree with themselves'))('%s', async name => walk(await reportOn(name)), PATIENCE);
});

/** In CI every fixture is analyzed without each input; else one of a server, a short one where no test below asks for another, and one of several GPUs. */
const OF_ONE_GPU: Readonly<Record<string, string>> = { requests: 'clean', kernel: 'clean' };
const SEVERAL_GPUS = ['memcpy', 'kernel'];
const of = (taken: string) =>
  THOROUGH ? names : [OF_ONE_GPU[taken] ?? 'memory-allocation', ...(SEVERAL_GPUS.includes(taken) ? ['handoff-exposed'] : [])];
if (!THOROUGH) process.stderr.write('*** LEFT OUT without FORENSICS_ALL_RUNS=1: most fixtures without one of their inputs. ***\n');
const known = new Map<string, Promise<Report>>();
/** Each is asked for once. */
const without = (name: string, taken: string) => getOrCompute(known, `${name} ${taken}`, () => reportWithout(name, taken));
describe.each(Object.keys(TAKEN))('and does so without %s', taken => {
  test.each(of(taken))('%s', async name => walk(await without(name, taken)), PATIENCE);
});

test(
  'the title says case, GPU model, process and time',
  async () =>
    expect((await reportOn('serving-incident')).summary.title).toBe(
      'serving-incident · NVIDIA H200 · python3 (process 1123) · 0 s is 2026-11-22 01:43:06.057 UTC',
    ),
  PATIENCE,
);

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
