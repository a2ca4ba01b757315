import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { runs } from '#test/thorough';
import { readTable } from './read-table.ts';
import type { StoredColumn } from './records.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'pages '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
let made = 0;

/** Writes a database, and says where its table t begins. */
function write(sql: readonly string[], fill: (db: Database.Database) => void = () => {}): { readonly path: string; readonly root: number } {
  const path = join(FOLDER, `${++made}.sqlite`);
  const db = new Database(path);
  for (const one of sql) db.exec(one);
  fill(db);
  const root = Number(db.prepare("SELECT rootpage FROM sqlite_master WHERE name = 't'").pluck().get());
  db.close();
  return { path, root };
}

const whole = (position: number, more: Partial<StoredColumn> = {}): StoredColumn => ({
  position,
  part: 'whole',
  type: 'double',
  ifNull: undefined,
  zeroBits: undefined,
  ...more,
});

/** What SQL says of columns of t. */
function bySql(path: string, columns: string): readonly (readonly unknown[])[] {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(`SELECT ${columns} FROM t`).raw().all() as unknown[][];
  } finally {
    db.close();
  }
}

const read = (path: string, ...rest: Rest): ReturnType<typeof readTable> => {
  const fd = openSync(path, 'r');
  try {
    return readTable(fd, ...rest);
  } finally {
    closeSync(fd);
  }
};
type Rest = Parameters<typeof readTable> extends [number, ...infer R] ? R : never;

/** Rows as lists. */
const rowsOf = (read: ReturnType<typeof readTable>): readonly (readonly (number | undefined)[])[] | undefined =>
  read === undefined ? undefined : Array.from({ length: read.n }, (_, i) => read.data.map(c => c[i]));

/** Integers of every stored length. */
const stored = fc.oneof(
  fc.constantFrom(0, 1),
  ...[8, 16, 24, 32, 48, 53].map(bits => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })),
);

describe('a table is read from its pages as SQL reads it', () => {
  test('whatever its integers, the size of its pages, what stands beside them, and what was deleted', () => {
    const table = fc.record({
      page: fc.constantFrom(512, 1024, 4096, 65_536),
      rows: fc.array(fc.tuple(stored, stored, fc.option(stored), fc.string({ maxLength: 60 })), { maxLength: 400 }),
      gone: fc.nat(9),
    });
    fc.assert(
      fc.property(table, ({ page, rows, gone }) => {
        const { path, root } = write([`PRAGMA page_size = ${page}`, 'CREATE TABLE t (a INT, s TEXT, b INT, c INT)'], db => {
          const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?)');
          for (const [a, b, c, s] of rows) insert.run(BigInt(a), s, BigInt(b), c === null ? null : BigInt(c));
          db.prepare('DELETE FROM t WHERE rowid % 10 = ?').run(gone);
        });
        const found = rowsOf(read(path, root, [whole(2), whole(3, { ifNull: Number.NaN }), whole(0)]));
        expect(found).toEqual(bySql(path, 'b, c, a').map(r => r.map(v => v ?? Number.NaN)));
      }),
      runs(1000, 20),
    );
  });

  test('parts of ids that a double would round', () => {
    const thread = (1n << 56n) + (0x3abcden << 24n) + 0x12345fn;
    const { path, root } = write(['CREATE TABLE t (id INT)'], db => db.prepare('INSERT INTO t VALUES (?), (?), (77)').run(thread, -5n));
    const parts = [{ above: 24 }, { from: 24, count: 24 }, { from: 0, count: 24 }].map(part => whole(0, { part }));
    expect(rowsOf(read(path, root, parts))).toEqual(bySql(path, 'id & -16777216, (id >> 24) & 16777215, id & 16777215'));
  });

  test('an id beyond 2^53 counts where its lowest bits are zero, and not elsewhere', () => {
    const { path, root } = write(['CREATE TABLE t (id INT, n INT)', `INSERT INTO t VALUES (${1n << 57n}, ${(1n << 57n) + 1n})`]);
    expect(rowsOf(read(path, root, [whole(0, { zeroBits: 24 })]))).toEqual([[2 ** 57]]);
    expect(read(path, root, [whole(0)])).toBeUndefined();
    expect(read(path, root, [whole(1)])).toBeUndefined();
  });

  test('numbers of 32 bits keep their bits', () => {
    const { path, root } = write(['CREATE TABLE t (n INT)', 'INSERT INTO t VALUES (4294967295)']);
    expect(rowsOf(read(path, root, [whole(0, { type: 'int32' })]))).toEqual([[-1]]);
  });

  test('rows are taken as they are asked for', () => {
    const { path, root } = write([
      'CREATE TABLE t (n INT)',
      'WITH RECURSIVE i(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM i WHERE x < 5000) INSERT INTO t SELECT x FROM i',
    ]);
    const found = read(path, root, [whole(0)], (data, row) => Number(data[0]?.[row]) % 1000 === 7);
    expect(rowsOf(found)).toEqual([[7], [1007], [2007], [3007], [4007]]);
  });
});

describe('what is not plain is left to SQL', () => {
  const odd: Readonly<Record<string, readonly string[]>> = {
    'a fraction': ['CREATE TABLE t (n REAL)', 'INSERT INTO t VALUES (1.5)'],
    'a text': ['CREATE TABLE t (n)', "INSERT INTO t VALUES ('12')"],
    'a blob': ['CREATE TABLE t (n)', "INSERT INTO t VALUES (x'00')"],
    'NULL where none may be': ['CREATE TABLE t (n)', 'INSERT INTO t VALUES (NULL)'],
    'a record over several pages': ['CREATE TABLE t (n INT, s TEXT)', "INSERT INTO t VALUES (1, printf('%.9000c', 'x'))"],
    'a column that was added': ['CREATE TABLE t (m INT)', 'INSERT INTO t VALUES (1)', 'ALTER TABLE t ADD COLUMN n INT DEFAULT 5'],
    'rows in an index': ['CREATE TABLE t (n INT PRIMARY KEY, m INT) WITHOUT ROWID', 'INSERT INTO t VALUES (1, 2)'],
    'a write-ahead log': ['PRAGMA journal_mode = WAL', 'CREATE TABLE t (n INT)', 'INSERT INTO t VALUES (1)'],
  };
  test.each(Object.entries(odd))('%s', (name, sql) => {
    const { path, root } = write(sql);
    expect(read(path, root, [whole(name === 'a column that was added' ? 1 : 0)])).toBeUndefined();
  });

  test('a part of what is no integer', () => {
    const { path, root } = write(['CREATE TABLE t (n)', "INSERT INTO t VALUES ('x')"]);
    expect(read(path, root, [whole(0, { part: { from: 0, count: 24 } })])).toBeUndefined();
  });

  test('a file that is none, that ends early, or whose pages lead in circles', () => {
    const { path, root } = write([
      'CREATE TABLE t (n INT)',
      'WITH RECURSIVE i(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM i WHERE x < 50000) INSERT INTO t SELECT x FROM i',
    ]);
    const bytes = readFileSync(path);
    const spoilt = (change: (b: Buffer) => Buffer): string => {
      const copy = join(FOLDER, `${++made}.sqlite`);
      writeFileSync(copy, change(Buffer.from(bytes)));
      return copy;
    };
    expect(read(path, root, [whole(0)])?.n).toBe(50_001);
    expect(
      read(
        spoilt(() => Buffer.from('not a database')),
        root,
        [whole(0)],
      ),
    ).toBeUndefined();
    expect(
      read(
        spoilt(b => b.subarray(0, b.length - 4096 * 20)),
        root,
        [whole(0)],
      ),
    ).toBeUndefined();
    // The root's right-most child is the root itself.
    const circle = spoilt(b => {
      b.writeUInt32BE(root, (root - 1) * 4096 + 8);
      return b;
    });
    expect(read(circle, root, [whole(0)])).toBeUndefined();
    expect(read(path, 0, [whole(0)])).toBeUndefined();
    expect(read(path, 1e9, [whole(0)])).toBeUndefined();
  });

  test('bytes of any value end in rows or in nothing', () => {
    const { path, root } = write([
      'PRAGMA page_size = 512',
      'CREATE TABLE t (n INT, m INT)',
      'WITH RECURSIVE i(x) AS (SELECT 0 UNION ALL SELECT x + 1 FROM i WHERE x < 300) INSERT INTO t SELECT x * 977, x FROM i',
    ]);
    const bytes = readFileSync(path);
    const copy = join(FOLDER, 'any.sqlite');
    appendFileSync(copy, '');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), changes => {
        const changed = Buffer.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        writeFileSync(copy, changed);
        const found = read(copy, root, [whole(0), whole(1)]);
        expect(found === undefined || Number.isInteger(found.n)).toBe(true);
      }),
      runs(3000, 60),
    );
  });
});
