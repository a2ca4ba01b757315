import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { FUNCTIONS, PRIVATE, type PrivateTrace, writePrivateTrace } from './private-trace.test-data.ts';
import { redactTrace } from './redact-trace.ts';
import { secretsOf } from './secrets.ts';

const root = mkdtempSync(join(tmpdir(), 'redact-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const emptyFolder = () => {
  const folder = join(root, String(++folders));
  mkdirSync(folder);
  return folder;
};
const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Makes a trace and its copy. */
async function redacted(options: PrivateTrace = {}, request: Partial<Parameters<typeof redactTrace>[0]> = {}) {
  const folder = emptyFolder();
  const from = join(folder, 'trace.sqlite');
  const to = join(folder, 'copy.sqlite');
  const writer = writePrivateTrace(from, options);
  if (options.journal !== 'wal') writer.close();
  const before = readdirSync(folder).map(f => [f, hash(join(folder, f)), statSync(join(folder, f)).mtimeMs] as const);
  const done = await redactTrace({ from, to, ...request });
  const after = before.map(([f]) => [f, hash(join(folder, f)), statSync(join(folder, f)).mtimeMs] as const);
  const left = readdirSync(folder).sort();
  if (options.journal === 'wal') writer.close();
  return { folder, from, to, done, before, after, left, open: () => new Database(to, { readonly: true }) };
}

const standsIn = (file: string, secrets: readonly string[]) => {
  const bytes = readFileSync(file);
  const big = (s: string) => Buffer.from(s, 'utf16le').swap16();
  return secrets.filter(s => bytes.includes(s) || bytes.includes(Buffer.from(s, 'utf16le')) || bytes.includes(big(s)));
};

describe.each<[string, PrivateTrace]>([
  ['a plain trace', {}],
  ['a trace in UTF-16', { encoding: 'UTF-16le' }],
  ['a trace in big-endian UTF-16', { encoding: 'UTF-16be' }],
  ['a trace that is still being merged', { journal: 'wal' }],
])('the copy of %s', (_, options) => {
  test('holds nothing private in any byte, and the original is as it was', async () => {
    const { from, to, left, before, after, done } = await redacted(options);
    if (options.journal !== 'wal') expect(standsIn(from, PRIVATE)).toEqual([...PRIVATE]);
    expect(standsIn(to, PRIVATE)).toEqual([]);
    expect(after).toEqual(before);
    expect(left).toEqual([...before.map(([f]) => f), 'copy.sqlite'].sort());
    expect(done).toMatchObject({ found: 0, bytesScanned: statSync(to).size });
  });

  test('says what the analysis reads', async () => {
    const { open } = await redacted(options);
    const db = open();
    expect(db.prepare('SELECT value FROM StringIds WHERE id <= ? ORDER BY id').pluck().all(FUNCTIONS.length)).toEqual([...FUNCTIONS]);
    expect(db.prepare('SELECT * FROM CUPTI_ACTIVITY_KIND_KERNEL').raw().all()).toHaveLength(2);
    expect(db.prepare('SELECT name, busLocation FROM TARGET_INFO_GPU').raw().get()).toEqual(['NVIDIA H200', '0000:00:06.0']);
    expect(db.prepare('SELECT text FROM NVTX_EVENTS').pluck().get()).toBe('prefill req=7 tokens=512');
    expect(
      db.prepare(`SELECT value FROM META_DATA_EXPORT WHERE name LIKE 'EXPORT_PRODUCT%' OR name LIKE 'EXPORT_SCHEMA%'`).pluck().all(),
    ).toEqual(['2025.3.2.0', '3.20.3']);
    expect(db.prepare('SELECT name, label FROM ENUM_CUDA_MEMCPY_OPER').raw().get()).toEqual(['root', 'vm']);
    db.close();
  });
});

describe('in a redacted copy', () => {
  test('an environment keeps its names and the values of kept variables, wherever it stands', async () => {
    const { open, done } = await redacted();
    const db = open();
    const [joined, lines] = db.prepare('SELECT value FROM StringIds WHERE id IN (10, 11) ORDER BY id').pluck().all() as string[];
    expect(joined?.split('\0')).toEqual(
      expect.arrayContaining([
        'PATH=<redacted>',
        'API_KEY=<redacted>',
        'SHLVL=<redacted>',
        'NCCL_DEBUG=INFO',
        'CUDA_CACHE_PATH=<home>/cache',
      ]),
    );
    expect(lines?.split('\n')).toEqual(joined?.split('\0'));
    const variables = db.prepare(`SELECT value FROM META_DATA_CAPTURE WHERE name LIKE '%ENVIRONMENT%'`).pluck().all();
    expect(variables).toEqual(expect.arrayContaining(['TERM="<redacted>"', 'NCCL_DEBUG="INFO"', 'CUDA_CACHE_PATH="<home>/cache"']));
    expect(db.prepare(`SELECT value FROM TARGET_INFO_SYSTEM_ENV WHERE name = 'DeviceEnvironment'`).pluck().get()).toBe(
      joined?.replaceAll('\0', ';'),
    );
    expect(done.variables).toEqual({ kept: ['CUDA_CACHE_PATH', 'NCCL_DEBUG'], hidden: 10 });
    db.close();
  });

  test('paths keep their files, hosts and users have placeholders, and secrets of command lines are gone', async () => {
    const { open } = await redacted();
    const db = open();
    const string = (id: number) => db.prepare('SELECT value FROM StringIds WHERE id = ?').pluck().get(id);
    expect([12, 13, 14, 17, 18, 19].map(string)).toEqual([
      '<PATH.2>/libmodel.so',
      '<home>/.venv/lib/libtorch.so',
      '<redacted>',
      'request of <user>',
      'serve\0--password\0<redacted>',
      '',
    ]);
    const meta = new Map(
      db.prepare('SELECT name, value FROM META_DATA_CAPTURE UNION ALL SELECT name, value FROM META_DATA_EXPORT').raw().all() as [
        string,
        string,
      ][],
    );
    expect(Object.fromEntries(meta)).toMatchObject({
      DEVICE_DISPLAY_NAME: '<host>',
      EXPORT_HOST: '<host>',
      EXPORT_USER: '<user>',
      'PROCESS_0:USER_NAME': '<user>',
      'PROCESS_0:ARGUMENT_0': '--password',
      'PROCESS_0:ARGUMENT_1': '<redacted>',
      'PROCESS_0:WORKING_DIR': '<folder>',
      EXPORT_PARAM_INPUT_PATH_ABS: '<redacted>',
      RATE_HZ: '0',
    });
    db.close();
  });

  test('idle processes have no names, and threads of the same name elsewhere keep theirs', async () => {
    const { open } = await redacted();
    const db = open();
    expect(db.prepare('SELECT name FROM PROCESSES').pluck().all()).toEqual(['<home>/bin/server', '<process>']);
    expect(db.prepare('SELECT value FROM ThreadNames JOIN StringIds ON id = nameId').pluck().all()).toEqual([
      'python3',
      'worker <login> <address> <address>',
      '<thread>',
      '<thread>',
    ]);
    db.close();
  });

  test('labels lose what announces itself or shows by its shape, and keep their words', async () => {
    const { open } = await redacted();
    const db = open();
    expect(db.prepare('SELECT value FROM StringIds WHERE id = 20').pluck().get()).toBe(
      'call "password": "<redacted>" Authorization: Bearer <redacted>',
    );
    expect(db.prepare(`SELECT text FROM NVTX_EVENTS WHERE text LIKE 'run%'`).pluck().get()).toBe('run --auth-token <redacted> <redacted>');
    db.close();
  });

  test('bytes keep their length, and every table its rows', async () => {
    const { open, from } = await redacted();
    const [db, original] = [open(), new Database(from, { readonly: true })];
    const lengths = 'SELECT length(binaryData) FROM NVTX_EVENTS WHERE start = 0 AND text IS NOT NULL';
    expect(db.prepare(lengths).pluck().all()).toEqual(original.prepare(lengths).pluck().all());
    const tables = original
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'StringIds'`)
      .pluck()
      .all() as string[];
    const rows = (d: Database.Database) => tables.map(t => d.prepare(`SELECT count(*) FROM "${t}"`).pluck().get());
    expect(rows(db)).toEqual(rows(original));
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.prepare('SELECT count(*) FROM looks').pluck().get()).toBeGreaterThan(0);
    db.close();
    original.close();
  });

  test('nothing is left to redact', async () => {
    const { to, folder } = await redacted();
    const again = await redactTrace({ from: to, to: join(folder, 'again.sqlite') });
    expect(again.cellsByTable).toEqual({});
  });
});

test('a gzipped trace is unpacked first', async () => {
  const { from, folder, done } = await redacted();
  const packed = join(folder, 'trace.sqlite.gz');
  writeFileSync(packed, gzipSync(readFileSync(from)));
  expect(await redactTrace({ from: packed, to: join(folder, 'unpacked.sqlite') })).toEqual(done);
});

test('secrets that are known from elsewhere are looked for too', async () => {
  const also = (db: Database.Database) => void db.exec(`INSERT INTO DIAGNOSTIC_EVENT VALUES (9, 'from build-box-3 at /data/zeta/x', 0)`);
  const secrets = secretsOf({ host: 'build-box-3', env: { DATA: '/data/zeta' } });
  const { to } = await redacted({ also }, { secrets });
  expect(standsIn(to, ['build-box-3', '/data/zeta'])).toEqual([]);
});

test('variables with a prefix of the user are kept', async () => {
  const { open } = await redacted({}, { keep: ['TER'] });
  const db = open();
  expect(db.prepare(`SELECT value FROM META_DATA_CAPTURE WHERE value LIKE 'TERM%'`).pluck().get()).toBe('TERM="xterm-kitty"');
  db.close();
});

describe('no copy is made', () => {
  const failing = async (options: PrivateTrace, change: (folder: string, from: string) => Partial<Parameters<typeof redactTrace>[0]>) => {
    const folder = emptyFolder();
    const from = join(folder, 'trace.sqlite');
    writePrivateTrace(from, options).close();
    const request = { from, to: join(folder, 'copy.sqlite'), ...change(folder, from) };
    const before = readdirSync(folder).sort();
    const error = await redactTrace(request).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(readdirSync(folder).sort()).toEqual(before);
    return error;
  };

  test('that a secret survives in, and the place is named', async () => {
    const also = (db: Database.Database) => void db.exec(`INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES ('in /home/alice/x', 1, 1, 1, 1)`);
    expect(await failing({ also }, () => ({}))).toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining('column start of table CUPTI_ACTIVITY_KIND_KERNEL'),
    });
    const error = (await failing({ also }, () => ({}))) as Error;
    expect(error.message).not.toContain('alice');
  });
  test('over a file that is there', async () => {
    const over = await failing({}, (_, from) => ({ to: from }));
    expect(over).toMatchObject({ code: 'bad-argument', message: expect.stringContaining('never changed') });
    const there = await failing({}, folder => {
      writeFileSync(join(folder, 'there'), '');
      return { to: join(folder, 'there') };
    });
    expect(there).toMatchObject({ code: 'bad-argument', message: expect.stringContaining('exists already') });
  });
  test('in a folder that is not there', async () =>
    expect(await failing({}, folder => ({ to: join(folder, 'no', 'copy') }))).toMatchObject({ code: 'not-writable' }));
  test('of what is no trace', async () => {
    const other = (folder: string) => {
      const db = new Database(join(folder, 'other.sqlite'));
      db.exec('CREATE TABLE t (a)');
      db.close();
      writeFileSync(join(folder, 'text'), 'SELECT');
      return { from: join(folder, 'other.sqlite') };
    };
    expect(await failing({}, other)).toMatchObject({ code: 'not-a-trace' });
    expect(await failing({}, folder => ({ ...other(folder), from: join(folder, 'text') }))).toMatchObject({ code: 'not-a-trace' });
    expect(await failing({}, folder => ({ from: join(folder, 'nowhere') }))).toMatchObject({ code: 'not-found' });
  });
  test('of a damaged trace', async () => {
    const damage = (folder: string, from: string) => {
      const bytes = readFileSync(from);
      bytes.fill(0xff, 4096 * 2);
      writeFileSync(join(folder, 'damaged'), bytes);
      return { from: join(folder, 'damaged') };
    };
    expect(await failing({}, damage)).toMatchObject({ code: 'damaged-trace' });
  });
  test.each(['looking for secrets', 'cleaning NVTX_EVENTS', 'writing the copy', 'scanning the copy'])(
    'after an interrupt while %s',
    async step => {
      const abort = new AbortController();
      const error = await failing({}, () => ({ signal: abort.signal, progress: s => s === step && abort.abort() }));
      expect(error).toMatchObject({ name: 'AbortError' });
    },
  );
});
