import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { SamplerSummary } from '#schema/monitor';
import { caseOf, filesOf, type Outcome, planOf, recordingOf, writeCase } from './case-of.ts';
import { createCase } from './folder.ts';
import type { Entry, Plan } from './journal.ts';

const root = mkdtempSync(join(tmpdir(), 'case-of-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const plan: Plan = {
  version: '0.1.0',
  command: ['python3', 'serve.py'],
  preset: 'serving',
  nsys: { path: '/usr/bin/nsys', version: '2022.4.2', method: 'sessions', why: 'launch, start and stop', flags: [] },
  delay_s: 1,
  duration_s: 2,
  windows: 1,
  per_rank: false,
  requests: null,
  load: null,
  control: null,
  afterwards: 'stop',
  redact: true,
  keep_env: [],
};
const EPOCH = 1_795_338_219_000_000_000n;
type Told = Entry extends infer E ? (E extends Entry ? Omit<E, 'at'> : never) : never;
/** Entries a second apart. */
const journal = (...told: readonly Told[]): Entry[] =>
  told.map((entry, i) => ({ at: String(EPOCH + BigInt(i) * 1_000_000_000n), ...entry }) as Entry);
const pair = { epoch_ns: String(EPOCH), monotonic_ns: '1', uncertainty_ns: 1 };
const sampled = (missing: readonly string[]): Told => ({
  event: 'sampled',
  summary: {
    sampler: 'gpu',
    file: null,
    samples: 0,
    interval_asked_ms: 100,
    interval_median_ms: null,
    start: pair,
    end: pair,
    zone_hours: null,
    missing: [...missing],
  } satisfies SamplerSummary,
});
const planned: Told = { event: 'planned', plan };
const started: Told = { event: 'workload-started', pid: 7 };
const opened: Told = { event: 'window-opened', name: 'trace' };
const closed = (why: string): Told => ({ event: 'window-closed', name: 'trace', why });
const ended = (code: number | null): Told => ({ event: 'workload-ended', code, signal: null });
const recorded: Told = { event: 'recorded' };
const whole: Outcome = {
  finished: { traces: new Map([['trace', ['trace']]]), missing: [] },
  reports: new Map([['trace.sqlite', 'report']]),
  missing: [],
  notes: [],
  overhead: null,
};
const built = (told: readonly Told[], outcome: Partial<Outcome> = {}, planOfIt = plan) =>
  caseOf(journal(...told), planOfIt, { ...whole, ...outcome }, []);

describe('a case is', () => {
  test('incomplete, not failed, where we stopped the workload before its window, such as for lack of space', () => {
    const full: Told = { event: 'missing', what: 'trace: never opened, since the disk was nearly full' };
    const stopped: Told = { event: 'workload-stopped', signal: 'SIGTERM' };
    expect(built([planned, started, full, stopped, ended(143), recorded])).toMatchObject({ status: 'incomplete', missing: [full.what] });
  });
  const whole = [planned, started, opened, closed('its time was up')] as const;
  test('complete when all that was asked for is there', () => {
    expect(built([...whole, ended(0), recorded])).toMatchObject({ status: 'complete', missing: [] });
  });
  test('complete also when the workload failed after its window: that is no failure of the capture', () => {
    expect(built([...whole, ended(1), recorded])).toMatchObject({ status: 'complete', workload: { exit_code: 1 } });
  });
  test('complete also when there are no GPU samples, which it names: there may be no GPU', () => {
    const lacking = 'nvidia-smi is not on PATH: no GPU samples';
    expect(built([...whole, sampled([lacking]), recorded])).toMatchObject({ status: 'complete', missing: [lacking] });
  });
  test('incomplete when something is missing', () => {
    expect(built([...whole, { event: 'missing', what: 'trace: nsys hung' }, recorded])).toMatchObject({
      status: 'incomplete',
      missing: ['trace: nsys hung'],
    });
    expect(built([...whole, recorded], { missing: ['trace.sqlite could not be analyzed'] }).status).toBe('incomplete');
    expect(built([...whole, recorded], { finished: { traces: new Map(), missing: ['trace: damaged'] } }).status).toBe('incomplete');
  });
  test('a failure of the workload when it ended badly in its window', () => {
    expect(built([planned, started, opened, closed('the workload ended'), ended(3), recorded])).toMatchObject({
      status: 'workload-failed',
      workload: { exit_code: 3 },
    });
  });
  test('no failure of the workload when nobody can say how that ended', () => {
    const lost: Told = { event: 'missing', what: 'trace: nsys ended without a recording (exit code none)' };
    expect(built([planned, started, opened, closed('the workload ended'), lost, ended(null), recorded]).status).toBe('incomplete');
  });
  test('complete when the workload ended well in a window without an end', () => {
    expect(built([planned, started, opened, closed('the workload ended'), ended(0), recorded]).status).toBe('complete');
  });
  test('a failure of the workload when it ended badly before any window', () => {
    expect(built([planned, started, { event: 'missing', what: 'trace: never opened' }, ended(1), recorded]).status).toBe('workload-failed');
  });
  test('incomplete when the workload ended well before any window', () => {
    expect(built([planned, started, { event: 'missing', what: 'trace: never opened' }, ended(0), recorded]).status).toBe('incomplete');
  });
  test('interrupted when somebody stopped it, whatever came after', () => {
    expect(built([...whole, { event: 'interrupted', signal: 'SIGINT' }, ended(1), recorded]).status).toBe('interrupted');
  });
  test('interrupted when forensics itself was killed', () => {
    expect(built([planned, started, opened, { event: 'orphaned' }, { event: 'swept' }])).toMatchObject({
      status: 'interrupted',
      missing: ['forensics itself was killed while it recorded'],
    });
  });
  test('interrupted also when the watchdog was killed with it, and nobody could say so', () => {
    expect(built([planned, started, opened]).status).toBe('interrupted');
  });
  test('complete, with a note, when forensics was killed after all was recorded', () => {
    expect(built([...whole, recorded, { event: 'orphaned' }, { event: 'swept' }])).toMatchObject({
      status: 'complete',
      missing: [],
      notes: ['forensics was killed before it had finished the case'],
    });
  });
});

test('a case says when each window opened and closed, why, and what came of it', () => {
  const two = { ...plan, windows: 2 };
  const content = built(
    [
      planned,
      started,
      { event: 'window-opened', name: 'window-1' },
      { event: 'window-closed', name: 'window-1', why: 'its time was up' },
      recorded,
    ],
    {
      finished: { traces: new Map([['window-1', ['window-1']]]), missing: [] },
      reports: new Map([['window-1.sqlite', 'report-window-1']]),
    },
    two,
  );
  expect(content.windows).toEqual([
    {
      name: 'window-1',
      opened_ns: String(EPOCH + 2_000_000_000n),
      closed_ns: String(EPOCH + 3_000_000_000n),
      closed_by: 'its time was up',
      traces: ['window-1.sqlite'],
      reports: ['report-window-1'],
    },
    { name: 'window-2', opened_ns: null, closed_ns: null, closed_by: null, traces: [], reports: [] },
  ]);
  expect(recordingOf(content, 'window-1.sqlite')).toMatchObject({
    closed_by: 'its time was up',
    nsys_version: '2022.4.2',
    preset: 'serving',
  });
});

test('what is missing twice is named once, and notes are kept apart', () => {
  const what = 'the same';
  const content = built([planned, { event: 'missing', what }, { event: 'missing', what }, { event: 'note', what: 'a note' }, recorded], {
    missing: [what],
  });
  expect(content.missing).toEqual([what]);
  expect(content.notes).toEqual(['a note']);
});

test('a journal without a plan is of a capture that ended before it began', () => {
  const folder = createCase(join(root, 'no-plan'));
  expect(() => planOf(journal(started), folder)).toThrow('does not say what was planned');
  expect(planOf(journal(planned, started), folder)).toEqual(plan);
});

describe('case.json', () => {
  test('is written whole, and lists all files but itself with their hashes', async () => {
    const folder = createCase(join(root, 'whole'));
    writeFileSync(join(folder.path, 'b.txt'), 'abc');
    writeFileSync(join(folder.path, 'a.csv.part'), 'half');
    const files = await filesOf(folder);
    expect(files).toEqual([{ path: 'b.txt', bytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }]);
    const content = { ...built([planned, recorded]), files };
    writeCase(folder, content);
    expect(JSON.parse(readFileSync(folder.caseFile, 'utf8'))).toEqual(content);
    expect(readdirSync(folder.path).sort()).toEqual(['a.csv.part', 'b.txt', 'case.json']);
    expect((await filesOf(folder)).map(f => f.path)).toEqual(['b.txt']);
  });
  test('that cannot be written leaves nothing half-written', () => {
    const folder = createCase(join(root, 'gone'));
    rmSync(folder.path, { recursive: true });
    expect(() => writeCase(folder, built([planned]))).toThrow(`${folder.caseFile} cannot be written (there is no such file)`);
  });
});
