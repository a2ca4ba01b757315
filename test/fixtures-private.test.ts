import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { Case } from '#schema/case';
import { prelude } from '#trace/queries/index.gen';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');
const MOST_BYTES = 20_000_000;
const MOST_BYTES_PER_FILE = 3_000_000;

const names = readdirSync(FIXTURES, { withFileTypes: true })
  .filter(e => e.isDirectory())
  .map(e => e.name);
const files = readdirSync(FIXTURES, { recursive: true, withFileTypes: true })
  .filter(e => e.isFile())
  .map(e => join(e.parentPath, e.name));
const texts = files.filter(f => !f.endsWith('.gz') && !f.endsWith('.mjs'));

/** What must not be published, in any text. */
const PRIVATE: Readonly<Record<string, RegExp>> = {
  'an environment variable': /\b[A-Z_]{3,}=/,
  'a path of the machine': /(?<![\w.])\/(?:root|home|srv|work|usr|tmp|etc|opt|var|mnt|data|workspace|Users)\//i,
  'a home folder': /(?<![\w.])(?:\/root\b|~\/|[A-Z]:\\)/,
  'an IP address': /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/,
  'an e-mail address or login': /[\w.+-]{2,}@[\w-]{2,}/,
  'a serial': /\b(?!0{8}-)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/i,
  'a host name': /\b(?:ip-\d+-\d+|[\w-]+\.(?:local|internal|compute|lan|cluster)\b)/,
};
/** The same, in bytes, where chance makes short words: the file's free space counts too. */
const PRIVATE_BYTES: Readonly<Record<string, RegExp>> = {
  'an environment variable': /[A-Z_]{5,}=[\x20-\x7e]{4,}/,
  'a path of the machine': /\/(?:root|home|work|usr|workspace|Users)\/|\/(?:srv|tmp|etc|opt|var|mnt)\/\w{3,}|\/root\b/,
  'a login': /\w{4,}@\w{4,}/,
  'a serial': /(?!0{8}-)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/i,
};
/** Rows about the export and the capture that name a host, a user, a command or a place. */
const PRIVATE_ROW = /ENVIRONMENT|ARGUMENT|COMMAND|USER|HOST|DISPLAY_NAME|WORKING_DIR|PATH|FILE|UUID/;
const VENDOR_TABLES = new Set(Object.values(prelude).flatMap(r => r.from.map(f => f.table as string)));

/** Pipelines are recorded without requests. */
const isServing = (name: string) => existsSync(join(FIXTURES, name, 'requests.jsonl'));

const unpack = (name: string) => gunzipSync(readFileSync(join(FIXTURES, name, 'trace.sqlite.gz')));
const tablesOf = (db: Database.Database) => db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];

function textsOf(db: Database.Database): Set<string> {
  const all = new Set(db.prepare('SELECT sql FROM sqlite_master').pluck().all() as string[]);
  for (const table of tablesOf(db))
    for (const column of db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[])
      for (const value of db
        .prepare(`SELECT DISTINCT "${column}" FROM "${table}" WHERE typeof("${column}") IN ('text', 'blob')`)
        .pluck()
        .all())
        all.add(String(value));
  return all;
}

const found = (patterns: Readonly<Record<string, RegExp>>, text: string) =>
  Object.entries(patterns).flatMap(([what, pattern]) => {
    const hit = pattern.exec(text);
    return hit === null ? [] : [`${what}: ${text.slice(Math.max(0, hit.index - 20), hit.index + 60)}`];
  });

describe.each(names)('fixture %s', name => {
  let unpacked: Buffer | undefined;
  const trace = () => {
    unpacked ??= unpack(name);
    return unpacked;
  };
  afterAll(() => {
    unpacked = undefined;
  });
  test('comes with a README, the truth and all that a run leaves', () => {
    const readme = readFileSync(join(FIXTURES, name, 'README.md'), 'utf8');
    const [, from] = /node fixtures\/cut\.mjs (captures|cases|engines)\//.exec(readme) ?? [];
    expect(['captures', 'cases', 'engines']).toContain(from);
    expect(readdirSync(join(FIXTURES, name)).sort()).toEqual([
      'README.md',
      ...(from === 'cases' ? ['case.json'] : []),
      'gpu.csv',
      'host.csv',
      ...(isServing(name) ? ['requests.jsonl'] : []),
      'trace.sqlite.gz',
      'truth.json',
    ]);
    const truth = JSON.parse(readFileSync(join(FIXTURES, name, 'truth.json'), 'utf8')) as { faults: unknown; cut: unknown };
    expect(truth).toMatchObject({
      faults: expect.any(Array),
      cut: { capture: expect.any(String), from_s: expect.any(Number), to_s: expect.any(Number) },
    });
  });

  test.skipIf(!existsSync(join(FIXTURES, name, 'case.json')))('says how it was recorded, what it was cut to, and what is in it', () => {
    const content = Case.parse(JSON.parse(readFileSync(join(FIXTURES, name, 'case.json'), 'utf8')));
    expect(content).toMatchObject({
      status: 'complete',
      redacted: true,
      preset: isServing(name) ? 'serving' : expect.stringMatching(/^(pipeline|training)$/),
    });
    expect(content.notes).toContainEqual(expect.stringMatching(/^cut down: /));
    expect(content.windows).toMatchObject([{ traces: ['trace.sqlite.gz'], reports: [] }]);
    expect(readFileSync(join(FIXTURES, name, 'README.md'), 'utf8')).toContain(content.command.join(' '));
    const inside = readdirSync(join(FIXTURES, name)).filter(f => f !== 'README.md' && f !== 'case.json');
    expect(content.files).toEqual(
      inside.toSorted().map(path => {
        const bytes = readFileSync(join(FIXTURES, name, path));
        return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
      }),
    );
  });

  test('holds only tables that the prelude reads, and nothing private in them', () => {
    const db = new Database(trace(), { readonly: true });
    expect(tablesOf(db).filter(t => !VENDOR_TABLES.has(t))).toEqual([]);
    expect([...textsOf(db)].flatMap(text => found(PRIVATE, text))).toEqual([]);
    for (const table of ['META_DATA_EXPORT', 'META_DATA_CAPTURE'])
      expect((db.prepare(`SELECT name FROM ${table}`).pluck().all() as string[]).filter(n => PRIVATE_ROW.test(n))).toEqual([]);
    expect(db.pragma('freelist_count', { simple: true })).toBe(0);
    db.close();
  });

  test('holds nothing private in the bytes of its trace', () => {
    expect(found(PRIVATE_BYTES, trace().toString('latin1'))).toEqual([]);
  });
});

test.each(texts.map(f => [f.slice(FIXTURES.length + 1), f] as const))('%s names nothing private', (_, file) => {
  expect(found(PRIVATE, readFileSync(file, 'utf8'))).toEqual([]);
});

test('the patterns find what they are for', () => {
  const secrets = [
    'LD_LIBRARY_PATH=/x',
    'open("/home/jo/a")',
    '/root',
    'C:\\Users',
    'at 10.0.0.7:80',
    'jo@box',
    '2eb5668e-adea-a50d-c5ed-ba7b093961ce',
    'gpu-17.internal',
  ];
  expect(secrets.filter(s => found(PRIVATE, s).length === 0)).toEqual([]);
  expect(found(PRIVATE, 'void at::native::f<(int)8>(a / b), 2025.3.2.0, 0000:00:06.0, kworker/0:1')).toEqual([]);
});

test('the fixtures stay small', () => {
  const sizes = files.map(f => statSync(f).size);
  expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(MOST_BYTES);
  expect(Math.max(...sizes)).toBeLessThan(MOST_BYTES_PER_FILE);
});
