import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import type { ColumnData } from '#core/columns';
import { SHARED, sayWhatIsMissing } from '#test/shared-files';
import { some } from '#test/thorough';
import { type PreludeName, prelude } from '#trace/queries/index.gen';
import { preludeSql } from './prelude-sql.ts';
import type { GatedColumn } from './row-rules.ts';
import { type Scanned, scanColumns } from './scan.ts';
import { scanPages } from './scan-pages.ts';
import { STORED } from './stored-columns.ts';
import { normaliseVendorTables } from './vendor-tables.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../fixtures');
const FOLDER = mkdtempSync(join(tmpdir(), 'scan pages '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const LIMITS = { isTimed: false, within: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } as const;
/** scanColumns takes no more at a time. */
const AT_ONCE = 8;

/** Columns that both ways can read, in groups: times and names come with each, since rows are kept by them. */
function groupsOf(name: PreludeName): readonly (readonly GatedColumn[])[] {
  const columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[] = prelude[name].columns;
  const readable = columns.filter((c): c is GatedColumn => c.type !== 'text' && STORED[name]?.columns[c.name] !== undefined);
  const always = readable.filter(c => ['start_ns', 'end_ns', 'name_id'].includes(c.name));
  const others = readable.filter(c => !always.includes(c));
  return Array.from({ length: Math.ceil(others.length / AT_ONCE) }, (_, i) => [...always, ...others.slice(i * AT_ONCE, (i + 1) * AT_ONCE)]);
}

/** What was read, as bytes: comparing a million numbers one by one takes seconds. */
const bytesOf = (scanned: Scanned | undefined) =>
  scanned && { ...scanned, columns: Object.entries(scanned.columns).map(([name, c]) => [name, typeof c === 'number' ? c : digest(c)]) };
const digest = (c: ColumnData) =>
  createHash('sha1')
    .update(new Uint8Array(c.buffer, c.byteOffset, c.byteLength))
    .digest('hex');

const tracesIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(f => f.endsWith('.sqlite.gz')) : [];
const OTHERS = join(SHARED, 'public-traces');
sayWhatIsMissing('relations of public traces, read from pages and in SQL, were', OTHERS);

/** What pages and SQL give of each relation of a trace, where both give something. */
function compare(folder: string, path: string): readonly { readonly what: string; readonly pages: unknown; readonly sql: unknown }[] {
  const file = join(FOLDER, 'trace.sqlite');
  writeFileSync(file, gunzipSync(readFileSync(join(folder, path))));
  const db = new Database(file, { readonly: true });
  const fd = openSync(file, 'r');
  try {
    const vendor = normaliseVendorTables(db);
    return Object.entries(STORED).flatMap(([key, stored]) => {
      const name = key as PreludeName;
      const table = vendor.actual.get(stored.table);
      if (table === undefined) return [];
      const sql = preludeSql(name, vendor);
      return groupsOf(name).map(columns => ({
        what: `${name}: ${columns.map(c => c.name)}`,
        pages: bytesOf(scanPages({ db, fd }, { ...stored, table, sql }, columns, LIMITS)),
        sql: bytesOf(scanColumns(db, `(${sql})`, columns, LIMITS)),
      }));
    });
  } finally {
    db.close();
    closeSync(fd);
  }
}

describe('pages give what SQL gives', () => {
  test.each(some(tracesIn(FIXTURES), 5, 'relations read from pages and in SQL, over all fixtures'))('%s', path => {
    for (const { what, pages, sql } of compare(FIXTURES, path)) expect(pages, what).toEqual(sql);
  });

  test.each(some(tracesIn(OTHERS), 3, 'the same of public traces'))('%s, or leave it to SQL', path => {
    for (const { what, pages, sql } of compare(OTHERS, path)) if (pages !== undefined) expect(pages, what).toEqual(sql);
  });

  test('each column that is read from pages is one of its relation', () => {
    for (const [name, stored] of Object.entries(STORED)) {
      const known = new Set<string>(prelude[name as PreludeName].columns.map(c => c.name));
      expect(Object.keys(stored.columns).filter(c => !known.has(c))).toEqual([]);
    }
  });
});
