import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { buildTrace } from '#test/synthetic-trace';
import { TraceStore } from './trace-store.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'hostile database '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
const PID = 1123;

function isReadable(file: URL): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
const KERNEL = 'CUPTI_ACTIVITY_KIND_KERNEL';
let made = 0;
const fresh = () => join(FOLDER, `${++made}.sqlite`);

function built(change: string, kernels = 100): string {
  const path = fresh();
  buildTrace(path, {
    version: '3.20.3',
    epochNs: 1_795_311_786_057_865_023n,
    kernels: Array.from({ length: kernels }, (_, i) => ({ start: 10 * i, end: 10 * i + 5, pid: PID, correlation: i + 1, name: 'gemm' })),
  });
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
/** Works as a user who may not write everywhere: the superuser may. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const isSuperuser = process.geteuid?.() === 0;
  const tmp = join(FOLDER, 'tmp of nobody');
  mkdirSync(tmp);
  chmodSync(tmp, 0o777);
  chmodSync(FOLDER, 0o755);
  vi.stubEnv('TMPDIR', tmp);
  if (isSuperuser) process.seteuid?.(65534);
  try {
    await work();
  } finally {
    if (isSuperuser) process.seteuid?.(0);
    vi.unstubAllEnvs();
  }
}
const ENDLESS = 'WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c)';

describe('what a schema may hold beside tables is never run', () => {
  const asView = (select: string) => `DROP TABLE ${KERNEL}; CREATE VIEW ${KERNEL} AS ${select}`;
  test.each([
    ['a view that never ends', asView(`${ENDLESS} SELECT i AS start, i AS "end", 0 AS deviceId FROM c`)],
    ['a view that never ends and has no rows', asView(`${ENDLESS} SELECT i AS start FROM c WHERE i < 0`)],
    ['a view that loads a library', asView(`SELECT load_extension('/tmp/x.so') AS start`)],
    [
      'views in a circle',
      `DROP TABLE ${KERNEL}; CREATE VIEW ${KERNEL} AS SELECT * FROM other; CREATE VIEW other AS SELECT * FROM ${KERNEL}`,
    ],
    ['a virtual table', `DROP TABLE ${KERNEL}; CREATE VIRTUAL TABLE ${KERNEL} USING fts5(start, "end")`],
  ])('%s is no table', async (_, change) => {
    const store = await opened(built(change));
    expect(store.missing('kernel')).toBe(`the trace has no table ${KERNEL}`);
    expect(store.scan('kernel', ['start_ns']).n).toBe(0);
  });
  test('a column that is computed is none', async () => {
    const store = await opened(
      built(`ALTER TABLE ${KERNEL} DROP COLUMN deviceId; ALTER TABLE ${KERNEL} ADD COLUMN deviceId AS (length(zeroblob(900000000)))`),
    );
    expect(store.missing('kernel')).toContain('has no column deviceId');
  });
  test('a check of a table is not made', async () => {
    const path = fresh();
    const db = new Database(path);
    db.exec(`PRAGMA ignore_check_constraints = ON; CREATE TABLE OSRT_API (start CHECK (length(zeroblob(900000000)) < 0), "end", globalTid, nameId, nestingLevel);
      INSERT INTO OSRT_API VALUES (1, 2, 3, 4, 0)`);
    db.close();
    expect((await opened(path)).isChecked).toBe(true);
  });
});

describe('pages that are not where they belong', () => {
  test('are found before anything is read', async () => {
    const path = built('SELECT 1', 20_000);
    const bytes = readFileSync(path);
    const [a, b] = [40, 90].map(page => Buffer.from(bytes.subarray(page * 4096, (page + 1) * 4096)));
    if (a === undefined || b === undefined) throw new Error('no pages');
    b.copy(bytes, 40 * 4096);
    a.copy(bytes, 90 * 4096);
    writeFileSync(path, bytes);
    await expect(TraceStore.open(path)).rejects.toMatchObject({
      code: 'damaged-trace',
      message: expect.stringMatching(/^[^\n]*is damaged \([^\n]*\)$/),
    });
  });
  test('are told in one line, whatever SQLite quotes of them', async () => {
    const path = built('SELECT 1');
    const db = new Database(path);
    db.unsafeMode(true);
    db.exec(
      `PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE ${KERNEL} ( \` ' || char(10) || printf('%1000c', 'a') || ')' WHERE name = '${KERNEL}'`,
    );
    db.close();
    const refused = await TraceStore.open(path).catch((error: Error) => error.message);
    expect(refused).toMatch(/^[^\n]*is damaged \([^\n]{1,201}\)$/);
  });
  test('of a large file are not looked for, and that is known', async () => {
    const path = built('SELECT 1');
    // A hole at the end: the header counts its pages alone.
    truncateSync(path, 65 * 2 ** 20);
    expect((await opened(path)).isChecked).toBe(false);
  });
});

test('a name that SQLite takes for something else is a path', async () => {
  const before = process.cwd();
  process.chdir(FOLDER);
  onTestFinished(() => process.chdir(before));
  copyFileSync(built('SELECT 1'), ':memory:');
  expect((await opened(':memory:')).missing('kernel')).toBeUndefined();
});
test('a pipe is refused, not waited for', async () => {
  const pipe = join(FOLDER, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(TraceStore.open(pipe)).rejects.toMatchObject({ message: `${pipe} is no file but a pipe or a device` });
  await expect(TraceStore.open('/dev/zero')).rejects.toMatchObject({ code: 'not-a-trace' });
});

describe('a file in the middle of being written', () => {
  /** Copies a database with its journal while a transaction is open: to whoever opens the copy its writer has crashed. */
  function crashed(mode: 'DELETE' | 'WAL'): string {
    const path = built('SELECT 1', 2000);
    const db = new Database(path);
    db.pragma(`journal_mode = ${mode}`);
    db.pragma('cache_size = 1');
    db.exec(`BEGIN; UPDATE ${KERNEL} SET deviceId = 7`);
    const to = fresh();
    copyFileSync(path, to);
    for (const side of ['-journal', '-wal'])
      if (mode === 'WAL' ? side === '-wal' : side === '-journal') copyFileSync(path + side, to + side);
    db.exec('ROLLBACK');
    db.close();
    return to;
  }
  test('with a journal that must be rolled back is refused in a sentence', async () => {
    const path = crashed('DELETE');
    await expect(TraceStore.open(path)).rejects.toMatchObject({
      code: 'not-readable',
      message: expect.stringContaining('was not written to its end'),
    });
  });
  test('with a log of what was not merged is read as it was committed', async () => {
    const store = await opened(crashed('WAL'));
    expect(new Set(store.scan('kernel', ['device_id']).device_id)).toEqual(new Set([0]));
  });
  test('with such a log in a folder where nobody may write is read as it was committed', async ({ skip }) => {
    const path = crashed('WAL');
    const folder = join(FOLDER, 'read-only');
    mkdirSync(folder);
    for (const side of ['', '-wal']) copyFileSync(path + side, join(folder, `trace.sqlite${side}`));
    chmodSync(folder, 0o555);
    await asNobody(async () => {
      // A tree in a folder that only its owner may enter can be read by nobody else.
      skip(!isReadable(new URL('../../../package.json', import.meta.url)), 'only its owner may enter the folder of this tree');
      expect(() => writeFileSync(join(folder, 'x'), '')).toThrow('EACCES');
      const store = await opened(join(folder, 'trace.sqlite'));
      expect(new Set(store.scan('kernel', ['device_id']).device_id)).toEqual(new Set([0]));
    });
    expect(readdirSync(folder)).toEqual(['trace.sqlite', 'trace.sqlite-wal']);
  });
  test('that another program has locked is refused in a sentence', async () => {
    const path = built('SELECT 1');
    const db = new Database(path);
    onTestFinished(() => void db.close());
    db.exec('BEGIN EXCLUSIVE');
    await expect(TraceStore.open(path)).rejects.toMatchObject({ message: `${path} is locked by another program` });
  });
});
