import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { TraceStore } from '#trace/nsys/trace-store';
import type { PreludeName } from '#trace/queries/index.gen';
import type { ColumnName } from '#trace/source';
import { PID, SMALL_RUN, TID } from './synthetic-run.ts';
import { buildTrace, globalId, SCHEMA_VERSIONS, type TraceDescription } from './synthetic-trace.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'schema matrix ü '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
let made = 0;
const newPath = (suffix = '.sqlite') => join(FOLDER, `trace ${++made}${suffix}`);
const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

async function openTrace(path: string): Promise<TraceStore> {
  const store = await TraceStore.open(path);
  onTestFinished(() => store.close());
  return store;
}

function build(over: Partial<TraceDescription>): string {
  const path = newPath();
  buildTrace(path, { version: '3.20.3', ...SMALL_RUN, ...over });
  return path;
}

const SCANNED = {
  kernel: ['start_ns', 'end_ns', 'device_id', 'context_id', 'stream_id', 'correlation_id', 'global_pid', 'name_id', 'grid_x', 'block'],
  memcpy: [
    'start_ns',
    'end_ns',
    'stream_id',
    'correlation_id',
    'global_pid',
    'bytes',
    'copy_kind',
    'src_kind',
    'dst_kind',
    'src_device_id',
  ],
  memset: ['start_ns', 'end_ns', 'correlation_id', 'bytes', 'mem_kind'],
  sync: ['start_ns', 'end_ns', 'correlation_id', 'sync_type'],
  api_call: ['start_ns', 'end_ns', 'global_pid', 'thread_id', 'correlation_id', 'name_id', 'return_value'],
  os_call: ['start_ns', 'end_ns', 'global_pid', 'thread_id', 'name_id', 'nesting_level'],
  nvtx_range: ['start_ns', 'end_ns', 'global_pid', 'thread_id', 'domain_id'],
  profiler_overhead: ['start_ns', 'end_ns', 'thread_id', 'name_id'],
} as const satisfies { readonly [R in PreludeName]?: readonly ColumnName<R>[] };
type Scanned = keyof typeof SCANNED;

/** Everything the store says of a trace, as plain data. */
function readAll(store: TraceStore) {
  const scans = (Object.keys(SCANNED) as Scanned[]).map(r => {
    const columns: readonly string[] = SCANNED[r];
    const scan = store.scan(r, columns as never) as unknown as Readonly<Record<string, ArrayLike<number>>> & { readonly n: number };
    return [r, scan.n, ...columns.map(c => [c, ...Array.from(scan[c] ?? [])])];
  });
  const missing = (Object.keys(SCANNED) as Scanned[]).map(r => store.missing(r));
  const names = [...store.names(store.scan('kernel', ['name_id']).name_id)];
  const nvtx = store.run('SELECT name FROM nvtx_range', 10).rows;
  const session = store.run('SELECT * FROM session', 10).rows;
  const slowest = store.ask('kernel_time');
  return {
    scans,
    missing,
    names,
    nvtx,
    session,
    slowest,
    calls: store.ask('api_call_sum'),
    process: store.run('SELECT * FROM process', 10).rows,
  };
}

const EXPECTED = {
  names: ['gemm', 'softmax'],
  kernel: {
    start_ns: [1_000, 5_000],
    stream_id: [7, 13],
    block: [256, 128],
    grid_x: [66, 1],
    global_pid: [Number(globalId(1n, PID)), Number(globalId(1n, PID))],
  },
};

describe('the same run reads the same', async () => {
  const reference = await TraceStore.open(build({}));
  const expected = readAll(reference);
  const kernels = reference.scan('kernel', SCANNED.kernel);
  reference.close();

  test('and as it was described', () => {
    expect(kernels).toMatchObject(
      Object.fromEntries(
        Object.entries(EXPECTED.kernel).map(([c, v]) => [
          c,
          c.endsWith('_ns') || c === 'global_pid' ? new Float64Array(v) : new Int32Array(v),
        ]),
      ),
    );
    expect(expected.names.map(([, name]) => name)).toEqual(EXPECTED.names);
    expect(expected.session).toEqual([{ epoch_s: 1_795_311_786n, epoch_ns: 57_865_023n }]);
    expect(expected.missing).toEqual(expected.missing.map(() => undefined));
    expect(expected.slowest).toMatchObject({ ok: true });
  });

  describe.each(SCHEMA_VERSIONS)('in schema %s', version => {
    test.each<[string, Partial<TraceDescription>]>([
      ['as it is', {}],
      ['with tables ending in _V2', { options: { suffixV2: true } }],
      ['with registered range names', { nvtx: SMALL_RUN.nvtx?.map(r => ({ ...r, registered: true })) ?? [] }],
      ['with empty tables beside', { options: { emptyTables: ['CUPTI_ACTIVITY_KIND_GRAPH_TRACE'] } }],
    ])('%s', async (_, over) => {
      const path = build({ version, ...over });
      const before = hashOf(path);
      const store = await TraceStore.open(path);
      const found = readAll(store);
      store.close();
      expect(found).toEqual(expected);
      expect(hashOf(path)).toBe(before);
    });

    test('without tables it says what is missing, and scans nothing', async () => {
      const store = await openTrace(
        build({ version, options: { dropTables: ['OSRT_API'], emptyTables: ['NVTX_EVENTS', 'CUPTI_ACTIVITY_KIND_MEMCPY'] } }),
      );
      expect(store.missing('os_call')).toBe('the trace has no table OSRT_API');
      expect(store.missing('nvtx_range')).toBe('no nvtx_range was recorded');
      expect(store.missing('kernel')).toBeUndefined();
      expect(store.scan('os_call', ['start_ns']).n).toBe(0);
      expect(store.ask('os_call_time')).toMatchObject({ ok: false, missing: ['the trace has no table OSRT_API'] });
    });

    test('tells its version', async () => {
      const store = await openTrace(build({ version }));
      expect(store.run("SELECT value FROM export_info WHERE name = 'EXPORT_SCHEMA_VERSION'", 2).rows).toEqual([{ value: version }]);
    });

    test('where nothing may be NULL, as in exports of 2019, times, names and joins stay', async () => {
      const store = await openTrace(build({ version, options: { notNull: true } }));
      expect(store.scan('kernel', ['start_ns', 'correlation_id'])).toEqual({
        n: 2,
        start_ns: new Float64Array([1_000, 5_000]),
        correlation_id: new Int32Array([11, 12]),
      });
      expect(store.run('SELECT name FROM kernel ORDER BY start_ns', 5).rows).toEqual([{ name: 'gemm' }, { name: 'softmax' }]);
      expect(store.run('SELECT name FROM nvtx_range', 5).rows).toEqual([{ name: 'decode batch=1' }]);
    });
  });

  test('gzipped', async () => {
    const path = newPath('.sqlite.gz');
    writeFileSync(path, gzipSync(readFileSync(build({}))));
    expect(readAll(await openTrace(path))).toEqual(expected);
  });

  test('from a folder with spaces and umlauts', async () => {
    const folder = join(FOLDER, 'größere Läufe #1 %20');
    mkdirSync(folder);
    const path = join(folder, 'spür 50%.sqlite');
    writeFileSync(path, readFileSync(build({})));
    expect(readAll(await openTrace(path))).toEqual(expected);
  });
});

test('an empty table beside one ending in _V2 does not hide it', async () => {
  const path = build({ options: { suffixV2: true } });
  const db = new Database(path);
  db.exec('CREATE TABLE OSRT_API AS SELECT * FROM OSRT_API_V2 WHERE 0');
  db.close();
  expect((await openTrace(path)).scan('os_call', ['start_ns']).n).toBe(1);
});

test('a name in the row and a registered one read alike', async () => {
  const [range] = SMALL_RUN.nvtx ?? [];
  const store = await openTrace(build({ nvtx: [range!, { ...range!, start: 401, registered: true }] }));
  expect(store.run('SELECT name FROM nvtx_range', 5).rows).toEqual([{ name: 'decode batch=1' }, { name: 'decode batch=1' }]);
});

describe('global ids beyond 2^53', () => {
  // 0x40 and up leave the safe integers; 0xfe makes the id negative in SQLite.
  test.each([0x40n, 0x7f01n, 0xfe00n])('machine %i: launches join, threads and processes keep their numbers', async machine => {
    const store = await openTrace(build({ options: { machine } }));
    const joined = store.run(
      'SELECT k.name AS kernel, a.name AS call, a.thread_id FROM kernel AS k JOIN api_call AS a USING (global_pid, correlation_id) ORDER BY k.start_ns',
      5,
    );
    expect(joined.rows).toEqual(['gemm', 'softmax'].map(kernel => ({ kernel, call: 'cudaLaunchKernel_v7000', thread_id: BigInt(TID) })));
    expect(store.run('SELECT global_pid FROM process', 2).rows).toEqual([{ global_pid: globalId(machine, PID) }]);
    const kernel = store.scan('kernel', ['global_pid', 'correlation_id']);
    const call = store.scan('api_call', ['global_pid', 'correlation_id', 'thread_id']);
    expect([...kernel.global_pid]).toEqual([...kernel.global_pid].map(() => Number(globalId(machine, PID))));
    expect(new Set([...call.global_pid])).toEqual(new Set(kernel.global_pid));
    expect([...call.thread_id]).toEqual([TID, TID, TID, TID]);
    for (const name of ['api_call_time', 'kernel_time', 'copy_time', 'os_call_time', 'launch_latency'] as const)
      expect(store.ask(name)).toMatchObject({ ok: true });
    const answer = store.ask('api_call_time');
    expect(answer.ok && answer.rows.map(r => r.pid)).toEqual([PID, PID, PID, PID]);
  });

  test('two processes whose ids differ by one stay apart', async () => {
    const store = await openTrace(
      build({
        options: { machine: 0x7f01n },
        kernels: [1, 2].map(pid => ({ start: pid, end: pid + 1, pid, correlation: 5, name: 'k' })),
        apiCalls: [1, 2].map(pid => ({ start: 0, end: 1, pid, tid: pid, correlation: 5, name: 'cudaLaunchKernel' })),
      }),
    );
    expect(new Set(store.scan('kernel', ['global_pid']).global_pid).size).toBe(2);
    const joined = store.run('SELECT a.thread_id FROM kernel AS k JOIN api_call AS a USING (global_pid, correlation_id) ORDER BY 1', 5);
    expect(joined.rows).toEqual([{ thread_id: 1n }, { thread_id: 2n }]);
  });
});

test('correlation ids beyond 2^31 still join as bit patterns', async () => {
  const correlation = 2 ** 31 + 5;
  const store = await openTrace(
    build({
      kernels: [{ start: 10, end: 20, pid: PID, correlation, name: 'k' }],
      apiCalls: [{ start: 1, end: 2, pid: PID, tid: TID, correlation, name: 'cudaLaunchKernel' }],
    }),
  );
  expect(store.scan('kernel', ['correlation_id']).correlation_id).toEqual(store.scan('api_call', ['correlation_id']).correlation_id);
});

test('names that are not UTF-8 are read, not refused', async () => {
  const name = Uint8Array.from([0x67, 0xfc, 0xdf, 0xff, 0x6d]);
  const store = await openTrace(
    build({ kernels: [{ start: 1, end: 2, pid: PID, correlation: 11, name }], nvtx: [{ start: 0, end: 9, pid: PID, tid: TID, name }] }),
  );
  const ids = store.scan('kernel', ['name_id']).name_id;
  expect([...store.names(ids).values()]).toEqual(['g\ufffd\ufffd\ufffdm']);
  expect(store.run('SELECT name FROM nvtx_range', 2).rows).toEqual([{ name: 'g\ufffd\ufffd\ufffdm' }]);
  expect(store.ask('kernel_time')).toMatchObject({ ok: true });
});

/** A trace in WAL mode, alone in a folder, read once. nsys writes none, but a tool that opened one may leave it so. */
async function readInWalMode(): Promise<{ readonly kernels: number; readonly changed: boolean; readonly beside: readonly string[] }> {
  const folder = mkdtempSync(join(FOLDER, 'wal-'));
  const path = join(folder, 'trace.sqlite');
  buildTrace(path, { version: '3.20.3', ...SMALL_RUN });
  const db = new Database(path);
  db.pragma('journal_mode = wal');
  db.close();
  const before = hashOf(path);
  const store = await TraceStore.open(path);
  const kernels = store.scan('kernel', ['start_ns']).n;
  store.close();
  return { kernels, changed: hashOf(path) !== before, beside: readdirSync(folder).filter(f => f !== 'trace.sqlite') };
}

test('a database in WAL mode is read and not changed', async () => {
  expect(await readInWalMode()).toMatchObject({ kernels: 2, changed: false });
});

// A known miss: SQLite makes -wal and -shm for any reader, and a read-only one may not remove them.
test.fails('a database in WAL mode is read without leaving files beside it', async () => {
  expect(await readInWalMode()).toMatchObject({ beside: [] });
});

test('rows that a writer has not yet moved out of the -wal file are read too', async () => {
  const path = build({});
  const writer = new Database(path);
  onTestFinished(() => void writer.close());
  writer.pragma('journal_mode = wal');
  writer.exec('INSERT INTO OSRT_API SELECT * FROM OSRT_API');
  expect((await openTrace(path)).scan('os_call', ['start_ns']).n).toBe(2);
});
