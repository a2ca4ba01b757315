import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildTrace } from '#test/synthetic-trace';
import { sessionStart } from '#trace/events/trace-facts';
import { TraceStore } from './trace-store.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'row gate '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
const PID = 1123;
const N = 100;
const STEP = 1e6;
const COLUMNS = ['start_ns', 'end_ns', 'device_id', 'correlation_id', 'global_pid', 'stream_id'] as const;
let made = 0;

/** A trace of a hundred launches with their kernels, changed by hand. */
async function changed(sql: string): Promise<TraceStore> {
  const path = join(FOLDER, `${++made}.sqlite`);
  const times = Array.from({ length: N }, (_, i) => ({ pid: PID, start: i * STEP + 10, end: i * STEP + 500_000, correlation: i + 1 }));
  buildTrace(path, {
    version: '3.20.3',
    epochNs: 1_795_311_786_057_865_023n,
    kernels: times.map(t => ({ ...t, name: 'gemm' })),
    apiCalls: times.map(t => ({ ...t, tid: PID, name: 'cudaLaunchKernel_v7000', end: t.start + 5000 })),
    copies: [{ start: 5, end: 9, pid: PID, correlation: 1000, bytes: 64, kind: 1 }],
  });
  const db = new Database(path);
  // What a hostile file may declare, too: columns without types or constraints, so that SQLite keeps what is written.
  for (const table of [
    'CUPTI_ACTIVITY_KIND_KERNEL',
    'CUPTI_ACTIVITY_KIND_MEMCPY',
    'TARGET_INFO_GPU',
    'TARGET_INFO_SESSION_START_TIME',
    'StringIds',
  ])
    db.exec(`CREATE TABLE loose AS SELECT * FROM ${table}; DROP TABLE ${table}; ALTER TABLE loose RENAME TO ${table}`);
  db.exec(sql);
  db.close();
  const store = await TraceStore.open(path);
  onTestFinished(() => store.close());
  return store;
}
const damage = async (sql: string) => {
  const store = await changed(sql);
  const { n, end_ns, start_ns } = store.scan('kernel', COLUMNS);
  expect(end_ns.every((end, i) => end >= (start_ns[i] ?? Number.NaN))).toBe(true);
  const { relation: _, ...counts } = store.damaged()[0] ?? {};
  return { n, ...counts };
};
const KERNEL = 'CUPTI_ACTIVITY_KIND_KERNEL';
const none = { malformed: 0, reversed: 0, outside: 0, repeated: 0, rows: N, kept: N - 1, n: N - 1, isLost: false };

describe('a row that cannot be right is left out and counted', () => {
  test.each([
    ['text as a start', `SET start = 'soon' WHERE rowid = 7`, { malformed: 1 }],
    ['a blob as an end', `SET "end" = x'0102' WHERE rowid = 7`, { malformed: 1 }],
    ['a GPU beyond all that a system has', `SET deviceId = 1024 WHERE rowid = 7`, { malformed: 1 }],
    ['a stream below none', `SET streamId = -13 WHERE rowid = 7`, { malformed: 1 }],
    ['no end', `SET "end" = NULL WHERE rowid = 7`, { malformed: 1 }],
    ['a start that is no integer', `SET start = start + 0.5 WHERE rowid = 7`, { malformed: 1 }],
    ['an end of 2^62', `SET "end" = 1 << 62 WHERE rowid = 7`, { malformed: 1 }],
    ['no correlation id', `SET correlationId = NULL WHERE rowid = 7`, { malformed: 1 }],
    ['start and end swapped', `SET start = "end", "end" = start WHERE rowid = 7`, { reversed: 1 }],
    ['an end 100 s too late', `SET "end" = "end" + 100000000000 WHERE rowid = 7`, { outside: 1 }],
    ['a start 100 s too early', `SET start = start - 100000000000 WHERE rowid = 7`, { outside: 1 }],
  ])('%s', async (_, change, counts) => expect(await damage(`UPDATE ${KERNEL} ${change}`)).toEqual({ ...none, ...counts }));
  test('a row that repeats another', async () =>
    expect(await damage(`INSERT INTO ${KERNEL} SELECT * FROM ${KERNEL} WHERE rowid = 7`)).toEqual({
      ...none,
      ...{ repeated: 1, rows: N + 1, kept: N, n: N },
    }));
  test('rows that differ in their launch alone are all kept', async () =>
    expect(await damage(`UPDATE ${KERNEL} SET start = 10, "end" = 20`)).toEqual({ n: N }));
  test('a whole trace loses none', async () => expect(await damage('SELECT 1')).toEqual({ n: N }));
});

describe('a relation that loses more than a few per cent', () => {
  test('is missing, and says why', async () => {
    const store = await changed(`UPDATE ${KERNEL} SET start = 'soon' WHERE rowid % 7 = 0`);
    expect(store.scan('kernel', COLUMNS).n).toBe(0);
    expect(store.missing('kernel')).toBe('14 of 100 rows of kernel are damaged');
    expect(store.ask('kernel_time')).toEqual({ ok: false, missing: ['14 of 100 rows of kernel are damaged'] });
  });
  test('as do all that are read from its table', async () => {
    const store = await changed(`UPDATE ${KERNEL} SET start = "end", "end" = start WHERE rowid % 7 = 0`);
    store.scan('kernel', COLUMNS);
    expect(store.missing('collective')).toBe('14 of 100 rows of kernel are damaged');
    expect(store.missing('api_call')).toBeUndefined();
  });
  test('when every row is there twice', async () => {
    const store = await changed(`INSERT INTO ${KERNEL} SELECT * FROM ${KERNEL}`);
    store.scan('kernel', COLUMNS);
    expect(store.missing('kernel')).toBe('100 of 200 rows of kernel are damaged');
  });
});

describe('a call that the profiler held while it stopped', () => {
  const CALLS = 'CUPTI_ACTIVITY_KIND_RUNTIME';
  const HELD = 18e9;
  const callsOf = async (sql: string) => {
    const store = await changed(sql);
    return { n: store.scan('api_call', ['start_ns', 'end_ns', 'correlation_id', 'thread_id']).n, damaged: store.damaged().length };
  };
  const whole = { n: N, damaged: 0 };
  const oneLess = { n: N - 1, damaged: 1 };
  test('ends long after all else, and is whole: it is the last of its thread', async () =>
    expect(await callsOf(`UPDATE ${CALLS} SET "end" = "end" + ${HELD} WHERE rowid = ${N}`)).toEqual(whole));
  test('is none where its thread called again', async () =>
    expect(await callsOf(`UPDATE ${CALLS} SET "end" = "end" + ${HELD} WHERE rowid = 7`)).toEqual(oneLess));
  test('is none where it ends 100 s late', async () =>
    expect(await callsOf(`UPDATE ${CALLS} SET "end" = "end" + 100000000000 WHERE rowid = ${N}`)).toEqual(oneLess));
  const details = (duration: number) =>
    `CREATE TABLE ANALYSIS_DETAILS (globalVid, duration, startTime, stopTime); INSERT INTO ANALYSIS_DETAILS VALUES (0, ${duration}, 0, ${duration})`;
  test('lies inside what the profiler says that it collected', async () =>
    expect(await callsOf(`${details(120e9)}; UPDATE ${CALLS} SET "end" = "end" + 100000000000 WHERE rowid = ${N}`)).toEqual(whole));
  test('has witnesses in what the profiler did meanwhile', async () => {
    const notes = `CREATE TABLE DIAGNOSTIC_EVENT (timestamp); INSERT INTO DIAGNOSTIC_EVENT VALUES (99e9), (99e9), (99e9); UPDATE DIAGNOSTIC_EVENT SET timestamp = CAST(timestamp AS INTEGER)`;
    expect(await callsOf(`${notes}; UPDATE ${CALLS} SET "end" = "end" + 100000000000 WHERE rowid = ${N}`)).toEqual(whole);
  });
});

describe('questions in SQL', () => {
  test('do not meet the rows that a scan left out', async () => {
    const store = await changed(
      `INSERT INTO ${KERNEL} SELECT * FROM ${KERNEL} WHERE rowid = 7; UPDATE ${KERNEL} SET "end" = "end" + 100000000000 WHERE rowid = 9`,
    );
    store.scan('kernel', COLUMNS);
    expect(store.run('SELECT count(*) AS n FROM kernel', 9).rows).toEqual([{ n: BigInt(N - 1) }]);
  });
  test('never meet ends before their starts', async () => {
    const store = await changed(`UPDATE ${KERNEL} SET start = "end", "end" = start WHERE rowid = 7`);
    expect(store.run('SELECT count(*) AS n FROM kernel', 9).rows).toEqual([{ n: BigInt(N - 1) }]);
  });
  test('lose the rows of an answer that cannot be, and no more', async () => {
    const store = await changed(
      `INSERT INTO TARGET_INFO_GPU SELECT * FROM TARGET_INFO_GPU LIMIT 1; UPDATE TARGET_INFO_GPU SET id = 1e18 WHERE rowid = 2`,
    );
    const answer = store.ask('gpu_list');
    expect(answer.ok && answer.rows.map(r => r.gpu_id)).toEqual([0]);
    expect(store.damaged()).toMatchObject([{ relation: 'gpu', kept: 1, malformed: 1 }]);
    // An answer is no share of its relation: what was said of it before stands.
    expect(store.missing('gpu')).toBeUndefined();
  });
  test('keep a row whose name is bytes, without the name', async () => {
    const store = await changed('UPDATE TARGET_INFO_GPU SET name = CAST(name AS BLOB)');
    const answer = store.ask('gpu_list');
    expect(answer.ok && answer.rows.map(r => [r.gpu_id, r.name])).toEqual([[0, null]]);
    expect(store.damaged()).toEqual([]);
  });
  test('read no name in bytes', async () => {
    const store = await changed("UPDATE StringIds SET value = x'ff00' WHERE value = 'gemm'");
    expect(store.ask('kernel_time').ok).toBe(true);
  });
});

test('a session that does not say when it began is not laid on another clock', async () => {
  for (const begin of ['NULL', "'yesterday'", "x'00'", '1.5'])
    expect(sessionStart(await changed(`UPDATE TARGET_INFO_SESSION_START_TIME SET utcEpochNs = ${begin}`))).toBeUndefined();
});
