import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { getOrCompute } from '#core/get-or-compute';
import type { Report } from '#schema/report';
import { TraceStore } from '#trace/nsys/trace-store';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const ZERO_STAMPS = join(SHARED, 'cases/traces/26-zero-stamps/trace.sqlite.gz');
const FIXTURE = resolve(import.meta.dirname, '../fixtures/memory-allocation');
sayWhatIsMissing('operations without times were', ZERO_STAMPS);

/** A copy of a gzipped trace, changed. @returns its path */
function changed(trace: string, change: (db: Database.Database) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'forensics-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'trace.sqlite');
  writeFileSync(path, gunzipSync(readFileSync(trace)));
  const db = new Database(path);
  change(db);
  db.close();
  return path;
}
const analyzed = (path: string, requests?: string) =>
  runAnalysis(path, requests === undefined ? {} : { requests }, NO_CORRECTION, () => {});
async function gaps(path: string): Promise<readonly number[]> {
  const store = await TraceStore.open(path);
  const answer = store.ask('idle_gap', { min_gap_ns: 1, top: 100_000 });
  store.close();
  return answer.ok ? answer.rows.map(r => r.dur_ns) : [];
}
const PLAIN = new Map<string, Promise<Report>>();
/** What is said of a copy of the fixture and its requests; it is analyzed once. */
const unchanged = () =>
  getOrCompute(PLAIN, FIXTURE, () =>
    analyzed(
      changed(join(FIXTURE, 'trace.sqlite.gz'), () => {}),
      join(FIXTURE, 'requests.jsonl'),
    ),
  );
const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

describe.skipIf(!existsSync(ZERO_STAMPS))('operations at 0/0 before work that begins at 2 s', () => {
  test('make no gap: the window begins with the work, and the query agrees with the report', async () => {
    const path = changed(ZERO_STAMPS, db => {
      db.exec('DELETE FROM CUPTI_ACTIVITY_KIND_KERNEL WHERE start < 0 OR "end" < start');
      db.exec('DELETE FROM CUPTI_ACTIVITY_KIND_RUNTIME WHERE start < 0 OR start > 4800000000');
    });
    const { devices, window, cannot_tell } = await analyzed(path);
    expect(BigInt(window.start_ns) - 1795324810854650636n).toBe(2_000_000_000n);
    expect(devices[0]?.idle_ms).toBeCloseTo(158.4, 1);
    expect(sum(await gaps(path)) / 1e6).toBeCloseTo(158.4, 1);
    expect(cannot_tell).toContainEqual(expect.stringMatching(/^When 6 operations of the GPU ran: /));
  });
  test('nor do those before the session and those that end before they begin', async () => {
    const path = changed(ZERO_STAMPS, () => {});
    const { window, cannot_tell } = await analyzed(path);
    expect(BigInt(window.start_ns) - 1795324810854650636n).toBe(2_000_000_000n);
    expect(Math.max(...(await gaps(path)))).toBeLessThan(1e6);
    expect(cannot_tell).toContainEqual(expect.stringMatching(/^When 6 operations of the GPU ran: /));
    expect(cannot_tell).toContainEqual(expect.stringContaining('1 end before they start; they are left out'));
  });
});

test('operations without times change nothing but what is told of them', async () => {
  const trace = join(FIXTURE, 'trace.sqlite.gz');
  const requests = join(FIXTURE, 'requests.jsonl');
  const untimed = changed(trace, db => {
    for (const stamps of ['0, 0', '900000000, 800000000'])
      db.exec(`CREATE TEMP TABLE k AS SELECT * FROM CUPTI_ACTIVITY_KIND_KERNEL LIMIT 1; UPDATE k SET (start, "end") = (VALUES (${stamps}));
        INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL SELECT * FROM k; DROP TABLE k`);
  });
  const [plain, report] = [await unchanged(), await analyzed(untimed, requests)];
  const sentences = [
    'When 1 operation of the GPU ran: the trace has no times for it, and it is left out.',
    expect.stringContaining('1 end before they start; they are left out'),
  ];
  for (const sentence of sentences) {
    expect(plain.cannot_tell).not.toContainEqual(sentence);
    expect(report.cannot_tell).toContainEqual(sentence);
  }
  const rest = (r: Report) => ({
    ...r,
    inputs: [],
    summary: undefined,
    cannot_tell: r.cannot_tell.filter(s => !/ operation of the GPU ran: |end before they start/.test(s)),
  });
  expect(rest(report)).toEqual(rest(plain));
  expect(await gaps(untimed)).toEqual(await gaps(changed(trace, () => {})));
});

describe('an export', () => {
  const trace = join(FIXTURE, 'trace.sqlite.gz');
  const requests = join(FIXTURE, 'requests.jsonl');
  const shifted = (db: Database.Database) => {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
    for (const table of tables)
      for (const column of ['start', 'end', 'timestamp'])
        if (db.prepare(`SELECT 1 FROM pragma_table_info('${table}') WHERE name = '${column}'`).get() !== undefined)
          db.exec(`UPDATE "${table}" SET "${column}" = "${column}" + (SELECT utcEpochNs FROM TARGET_INFO_SESSION_START_TIME)`);
  };
  test('with times of the epoch (--ts-normalize) is told as the same export without', async () => {
    const [plain, normalised] = [await unchanged(), await analyzed(changed(trace, shifted), requests)];
    expect(plain.incidents.length).toBeGreaterThan(0);
    const told = (report: Report) => ({ ...report, inputs: [], tool: undefined });
    expect(told(normalised)).toEqual(told(plain));
  });
  test('with shifted times (--ts-shift) says that it may lie beside other files', async () => {
    const path = changed(trace, db => db.exec(`UPDATE META_DATA_EXPORT SET value = '5000000' WHERE name = 'EXPORT_PARAM_TIME_SHIFT'`));
    expect((await analyzed(path)).cannot_tell).toContainEqual(expect.stringMatching(/its times were shifted by 5 ms on export/));
  });
});

test('processes that say one number without telling which GPU they mean are no neighbours', async () => {
  const trace = resolve(import.meta.dirname, '../fixtures/nccl-handoff/trace.sqlite.gz');
  const merged = changed(trace, db => {
    db.exec('DELETE FROM TARGET_INFO_CUDA_DEVICE');
    for (const kind of ['KERNEL', 'MEMCPY', 'MEMSET']) db.exec(`UPDATE CUPTI_ACTIVITY_KIND_${kind} SET deviceId = 0`);
  });
  const verdict = (await analyzed(merged)).detectors.find(d => d.cause === 'gpu-contention');
  expect(verdict).toMatchObject({ verdict: 'cannot-tell', reason: 'the trace does not tell whether two of its GPUs are one' });
});

test('the trace of another rank whose records end early is told by its name', async () => {
  const trace = resolve(import.meta.dirname, '../fixtures/memory-allocation/trace.sqlite.gz');
  const cut = changed(trace, db => {
    const last = db.prepare('SELECT max("end") FROM CUPTI_ACTIVITY_KIND_RUNTIME').pluck().get() as number;
    for (const kind of ['KERNEL', 'MEMCPY', 'MEMSET', 'RUNTIME'])
      if (db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(`CUPTI_ACTIVITY_KIND_${kind}`) !== undefined)
        db.exec(`DELETE FROM CUPTI_ACTIVITY_KIND_${kind} WHERE "end" > ${last - 1.2e9}`);
  });
  const { cannot_tell } = await runAnalysis(
    changed(trace, () => {}),
    {},
    NO_CORRECTION,
    () => {},
    { others: [cut] },
  );
  expect(cannot_tell).toContainEqual(
    expect.stringMatching(/^trace\.sqlite: What process \d+ did from \d+\.\d+ s on: its CUDA records end there/),
  );
});
