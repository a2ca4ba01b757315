import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { normaliseVendorTables } from './vendor-tables.ts';

/** An export that holds just these tables. */
function exported(sql: string) {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  db.exec(sql);
  return db;
}
const NEWEST = 'start, "end", globalTid, nameId, nestingLevel';
const rows = (db: Database.Database, source: string | undefined, columns: string) => db.prepare(`SELECT ${columns} FROM ${source}`).all();

describe('the name of a table', () => {
  test('is the newest one as it stands', () => {
    const db = exported(`CREATE TABLE OSRT_API (${NEWEST}); INSERT INTO OSRT_API VALUES (1, 2, 3, 4, 0)`);
    const { source, missing } = normaliseVendorTables(db);
    expect(source.get('OSRT_API')).toBe('main."OSRT_API"');
    expect(missing.get('OSRT_API')).toBeUndefined();
  });
  test('may bear a suffix; of several the highest that has rows counts, by number', () => {
    const tables = ['OSRT_API', 'OSRT_API_V2', 'OSRT_API_V3', 'OSRT_API_V10'].map(t => `CREATE TABLE ${t} (${NEWEST});`).join('');
    const fill = (table: string) => `INSERT INTO ${table} VALUES (1, 2, 3, 4, 0);`;
    const of = (...filled: string[]) => normaliseVendorTables(exported(tables + filled.map(fill).join(''))).source.get('OSRT_API');
    expect(of('OSRT_API', 'OSRT_API_V2', 'OSRT_API_V3')).toBe('main."OSRT_API_V3"');
    expect(of('OSRT_API', 'OSRT_API_V2')).toBe('main."OSRT_API_V2"');
    expect(of('OSRT_API')).toBe('main."OSRT_API"');
    expect(of('OSRT_API_V3', 'OSRT_API_V10')).toBe('main."OSRT_API_V10"');
    expect(of()).toBe('main."OSRT_API_V10"');
  });
  test('may be another one in old exports', () => {
    const db = exported("CREATE TABLE EXPORT_META_DATA (name, value); INSERT INTO EXPORT_META_DATA VALUES ('a', 'b')");
    expect(normaliseVendorTables(db).source.get('META_DATA_EXPORT')).toBe('main."EXPORT_META_DATA"');
  });
  test('is not that of a table that only begins alike', () => {
    const db = exported(`CREATE TABLE OSRT_API_VERSION (${NEWEST}); CREATE TABLE OSRT_API_V2b (${NEWEST})`);
    expect(normaliseVendorTables(db).missing.get('OSRT_API')).toBe('the trace has no table OSRT_API');
  });
});

describe('what is not there', () => {
  test('a table: said in a sentence, and read as no rows', () => {
    const db = exported('CREATE TABLE StringIds (id, value)');
    const { source, missing } = normaliseVendorTables(db);
    expect(missing.get('OSRT_API')).toBe('the trace has no table OSRT_API');
    expect(rows(db, source.get('OSRT_API'), 'start, "end", globalTid')).toEqual([]);
    expect(missing.has('StringIds')).toBe(false);
  });
  test('an optional column: reads NULL beside the others', () => {
    const db = exported("CREATE TABLE TARGET_INFO_GPU (id, name); INSERT INTO TARGET_INFO_GPU VALUES (3, 'H200')");
    const { source, missing } = normaliseVendorTables(db);
    expect(missing.has('TARGET_INFO_GPU')).toBe(false);
    expect(rows(db, source.get('TARGET_INFO_GPU'), 'id, name, smCount')).toEqual([{ id: 3, name: 'H200', smCount: null }]);
  });
  test('a column that is needed: said in a sentence, with the name that the table has here', () => {
    const db = exported('CREATE TABLE OSRT_API_V2 (start, globalTid, nestingLevel); INSERT INTO OSRT_API_V2 VALUES (1, 2, 0)');
    const { missing, source } = normaliseVendorTables(db);
    expect(missing.get('OSRT_API')).toBe('its table OSRT_API_V2 has no column end, nameId');
    expect(rows(db, source.get('OSRT_API'), 'start, "end"')).toEqual([{ start: 1, end: null }]);
  });
});

test('names are compared as SQLite does, whatever their case', () => {
  const db = exported('CREATE TABLE TARGET_INFO_GPU (ID, NAME, BUSLOCATION, UUID, SMCOUNT, TOTALMEMORY, CLOCKRATE, MEMORYBANDWIDTH)');
  const { source, missing } = normaliseVendorTables(db);
  expect(missing.has('TARGET_INFO_GPU')).toBe(false);
  expect(source.get('TARGET_INFO_GPU')).toBe('main."TARGET_INFO_GPU"');
});

test('only temporary views are made', () => {
  const db = exported(`CREATE TABLE OSRT_API (${NEWEST})`);
  const before = db.prepare('SELECT * FROM main.sqlite_master').all();
  normaliseVendorTables(db);
  expect(db.prepare('SELECT * FROM main.sqlite_master').all()).toEqual(before);
  expect(db.prepare("SELECT count(*) FROM temp.sqlite_master WHERE type = 'view'").pluck().get()).toBeGreaterThan(0);
});
