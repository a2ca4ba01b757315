import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { buildTrace, type TraceDescription } from '#test/synthetic-trace';
import { RowGate } from './row-gate.ts';
import { TraceStore } from './trace-store.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'trace store '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
let made = 0;
const PID = 1123;
const kernel = (start: number, end: number, correlation = start, name = 'gemm') => ({ start, end, pid: PID, correlation, name });

function built(over: Partial<TraceDescription>, change = ''): string {
  const path = join(FOLDER, `${++made}.sqlite`);
  buildTrace(path, { version: '3.20.3', epochNs: 1_795_311_786_057_865_023n, ...over });
  const db = new Database(path);
  db.exec(change);
  db.close();
  return path;
}
async function opened(path: string): Promise<TraceStore> {
  const store = await TraceStore.open(path);
  onTestFinished(() => store.close());
  return store;
}

/** Where a descriptor leads; '' for one that was closed since it was listed. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

describe('scan', () => {
  test('reads times and sizes as doubles and ids as 32 bits, in the order of the file', async () => {
    const big = 3 * 2 ** 40 + 1;
    const late = 2 ** 50 + 3;
    const store = await opened(
      built({
        copies: [
          { start: late, end: late + 1, pid: PID, correlation: 2 ** 31 + 5, bytes: big, kind: 1 },
          { start: 10, end: 20, pid: PID, correlation: 6, bytes: 64, kind: 1 },
        ],
      }),
    );
    expect(store.scan('memcpy', ['start_ns', 'bytes', 'correlation_id'])).toEqual({
      n: 2,
      start_ns: new Float64Array([late, 10]),
      bytes: new Float64Array([big, 64]),
      // The bit pattern of 2^31 + 5.
      correlation_id: new Int32Array([-(2 ** 31) + 5, 6]),
    });
  });

  test('a NULL id is -1, and a NULL size is no number', async () => {
    const store = await opened(
      built(
        { copies: [{ start: 1, end: 2, pid: PID, correlation: 3, bytes: 4, kind: 10 }] },
        'UPDATE TARGET_INFO_GPU SET totalMemory = NULL',
      ),
    );
    expect(store.scan('memcpy', ['src_device_id', 'dst_device_id'])).toEqual({
      n: 1,
      src_device_id: new Int32Array([-1]),
      dst_device_id: new Int32Array([-1]),
    });
    expect(store.scan('gpu', ['gpu_id', 'memory_bytes'])).toEqual({
      n: 1,
      gpu_id: new Int32Array([0]),
      memory_bytes: new Float64Array([Number.NaN]),
    });
  });

  test('reads more rows than it first has room for, twice over', async () => {
    const n = 2 * 65_536 + 3;
    const store = await opened(
      built(
        { kernels: [kernel(0, 1)] },
        `WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < ${n - 1})
         INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL SELECT k.* FROM i, (SELECT * FROM CUPTI_ACTIVITY_KIND_KERNEL) AS k;
         UPDATE CUPTI_ACTIVITY_KIND_KERNEL SET start = 10 * rowid, "end" = 10 * rowid + 1, correlationId = rowid`,
      ),
    );
    const { n: found, start_ns, correlation_id } = store.scan('kernel', ['start_ns', 'correlation_id']);
    expect([found, start_ns.length, correlation_id.length]).toEqual([n, n, n]);
    for (const i of [0, 65_535, 65_536, 131_071, 131_072, n - 1]) expect([start_ns[i], correlation_id[i]]).toEqual([10 * (i + 1), i + 1]);
    expect([...start_ns].reduce((sum, t) => sum + t, 0)).toBe((10 * n * (n + 1)) / 2);
  });

  test('one scan after the other keeps the arrays of the first', async () => {
    const store = await opened(built({ kernels: [kernel(5, 9)], osCalls: [{ start: 1, end: 2, pid: PID, tid: PID, name: 'read' }] }));
    const first = store.scan('kernel', ['start_ns', 'end_ns', 'stream_id']);
    expect(store.scan('os_call', ['start_ns'])).toEqual({ n: 1, start_ns: new Float64Array([1]) });
    expect(first).toEqual({ n: 1, start_ns: new Float64Array([5]), end_ns: new Float64Array([9]), stream_id: new Int32Array([7]) });
  });

  test('of a relation without a table is empty', async () => {
    const store = await opened(built({ kernels: [kernel(1, 2)], options: { dropTables: ['OSRT_API'] } }));
    expect(store.scan('os_call', ['start_ns', 'thread_id'])).toEqual({ n: 0, start_ns: new Float64Array(), thread_id: new Int32Array() });
  });
});

describe('ask', () => {
  const kernels = [kernel(0, 100), kernel(200_100, 200_200), kernel(500_000, 500_100), kernel(500_200, 500_300)];

  test('uses the defaults of the header for what is not given', async () => {
    const store = await opened(built({ kernels }));
    // min_gap_ns is 100000 by default: the gap of 100 ns is left out.
    const gaps = (params: Parameters<typeof store.ask<'idle_gap'>>[1]) => {
      const answer = store.ask('idle_gap', params);
      return answer.ok ? answer.rows.map(r => [r.start_ns, r.dur_ns]) : answer.missing;
    };
    expect(gaps({})).toEqual([
      [200_200, 299_800],
      [100, 200_000],
    ]);
    expect(gaps({ min_gap_ns: 1 })).toHaveLength(3);
    expect(gaps({ top: 1 })).toEqual([[200_200, 299_800]]);
    expect(gaps({ to_ns: 200_200 })).toEqual([[100, 200_000]]);
  });

  test('binds an integer parameter as an integer: a fraction is rounded, and a half does not divide', async () => {
    const store = await opened(built({ kernels }));
    const answer = store.ask('kernel_time', { top: 1.6, from_ns: 200_100.4 });
    // From 200100.4 on, rounded to 200100: the first kernel is out; two rows at most, the longest first, then the earliest.
    expect(answer).toMatchObject({ ok: true });
    expect(answer.ok && answer.rows.map(r => r.start_ns)).toEqual([200_100, 500_000]);
  });

  test('says which relations are missing, each once, and nothing else', async () => {
    const store = await opened(built({ osCalls: [{ start: 1, end: 2, pid: PID, tid: PID, name: 'read' }] }));
    expect(store.ask('kernel_time')).toEqual({ ok: false, missing: ['the trace has no table CUPTI_ACTIVITY_KIND_KERNEL'] });
    expect(store.ask('os_call_time')).toMatchObject({ ok: true, rows: [{ start_ns: 1, dur_ns: 1, name: 'read' }] });
  });

  test('a relation that is there but empty is no evidence of health', async () => {
    const store = await opened(built({ osCalls: [{ start: 1, end: 2, pid: PID, tid: PID, name: 'read' }] }, 'DELETE FROM OSRT_API'));
    expect(store.missing('os_call')).toBe('no os_call was recorded');
    expect(store.ask('os_call_time')).toEqual({ ok: false, missing: ['no os_call was recorded'] });
  });
});

test('names are given for the ids that have one', async () => {
  const store = await opened(built({ kernels: [kernel(1, 2, 1, 'gemm'), kernel(3, 4, 2, 'softmax')] }));
  const { name_id } = store.scan('kernel', ['name_id']);
  expect([...store.names([...name_id, -1, 999])]).toEqual([
    [name_id[0], 'gemm'],
    [name_id[1], 'softmax'],
  ]);
});

describe('run', () => {
  test('gives integers to the last digit, and says where rows were cut off', async () => {
    const store = await opened(built({ kernels: [kernel(1, 2), kernel(3, 4)] }));
    expect(store.run('SELECT 9007199254740993 AS big', 5)).toEqual({ columns: ['big'], rows: [{ big: 9007199254740993n }], cut: false });
    expect(store.run('SELECT start_ns FROM kernel ORDER BY 1', 1)).toEqual({ columns: ['start_ns'], rows: [{ start_ns: 1n }], cut: true });
    expect(store.run('SELECT start_ns FROM kernel ORDER BY 1', 2)).toMatchObject({ cut: false });
  });

  test.each([
    ['a statement that returns nothing', 'DROP TABLE main.StringIds', 'the statement would change the trace, or asks nothing'],
    ['an insertion', "INSERT INTO main.StringIds VALUES (99, 'x')", 'the statement would change the trace, or asks nothing'],
    ['an insertion that returns rows', "INSERT INTO main.StringIds VALUES (99, 'x') RETURNING id", /attempt to write a readonly database/],
    ['a relation that is none', 'SELECT * FROM kernels', /no such table: kernels/],
  ])('%s is refused, and the file keeps its bytes', async (_, sql, message) => {
    const path = built({ kernels: [kernel(1, 2)] });
    const before = createHash('sha256').update(readFileSync(path)).digest('hex');
    const store = await TraceStore.open(path);
    try {
      expect(() => store.run(sql, 5)).toThrow(expect.objectContaining({ code: 'query-failed', message: expect.stringMatching(message) }));
    } finally {
      store.close();
    }
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(before);
  });
});

describe('opening', () => {
  test('a database of something else is no trace', async () => {
    const path = join(FOLDER, 'other.sqlite');
    const db = new Database(path);
    db.exec('CREATE TABLE person (name)');
    db.close();
    await expect(TraceStore.open(path)).rejects.toMatchObject({
      code: 'not-a-trace',
      message: `${path} is a SQLite file without any table of Nsight Systems`,
    });
  });

  test.runIf(existsSync('/proc/self/fd'))('what is refused, for whatever reason, leaves no file open', async () => {
    const open = (path: string) => readdirSync('/proc/self/fd').filter(fd => linkOf(`/proc/self/fd/${fd}`) === path);
    const path = built({ kernels: [kernel(1, 2)] });
    const laid = vi.spyOn(RowGate.prototype, 'lay').mockImplementation(() => {
      throw new Error('laid badly');
    });
    onTestFinished(() => laid.mockRestore());
    await expect(TraceStore.open(path)).rejects.toThrow('laid badly');
    expect(open(path)).toEqual([]);
  });

  test('a file that another program writes is said to be locked', async () => {
    const path = built({ kernels: [kernel(1, 2)] });
    const writer = new Database(path);
    onTestFinished(() => void writer.close());
    writer.exec('BEGIN EXCLUSIVE');
    await expect(TraceStore.open(path)).rejects.toMatchObject({
      code: 'not-readable',
      message: `${path} is locked by another program`,
    });
  });
});
