import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { epochOrigin } from './epoch-times.ts';
import { normaliseVendorTables } from './vendor-tables.ts';

const SESSION = 1_795_324_810_854_650_636n;

/** An export of one system call of 30 ns that began `start` after whatever its times count from. */
function exported(start: bigint, session: bigint | null = SESSION) {
  const db = new Database(':memory:');
  onTestFinished(() => void db.close());
  db.exec('CREATE TABLE OSRT_API (start, "end", globalTid, nameId, nestingLevel)');
  db.prepare('INSERT INTO OSRT_API VALUES (?, ?, 1, 1, 0)').run(start, start + 30n);
  if (session === null) return db;
  db.exec('CREATE TABLE TARGET_INFO_SESSION_START_TIME (utcEpochNs)');
  db.prepare('INSERT INTO TARGET_INFO_SESSION_START_TIME VALUES (?)').run(session);
  return db;
}
const asIs = (t: string) => (t === 'OSRT_API' || t === 'TARGET_INFO_SESSION_START_TIME' ? t : undefined);
const timesOf = (db: Database.Database) => {
  const { source } = normaliseVendorTables(db);
  return db.prepare(`SELECT start, "end" FROM ${source.get('OSRT_API')}`).get();
};

test('times that count from the session’s begin have no origin in the epoch, and are read as they stand', () => {
  expect(epochOrigin(exported(2_000_000_007n), asIs)).toBeUndefined();
  expect(timesOf(exported(2_000_000_007n))).toEqual({ start: 2_000_000_007, end: 2_000_000_037 });
});
test('three years after the session’s begin are no time of a session', () => {
  expect(epochOrigin(exported(99_999_999_999_999_999n), asIs)).toBeUndefined();
  expect(epochOrigin(exported(100_000_000_000_000_000n), asIs)).toBe(SESSION);
});
test('times of the epoch are put back to the session’s begin, to the nanosecond', () =>
  expect(timesOf(exported(SESSION + 2_000_000_007n))).toEqual({ start: 2_000_000_007, end: 2_000_000_037 }));
test('where the session’s begin is not told they stay right among each other', () => {
  const db = exported(SESSION + 7n, null);
  expect(epochOrigin(db, t => (t === 'OSRT_API' ? t : undefined))).toBe(SESSION + 7n);
  expect(timesOf(db)).toEqual({ start: 0, end: 30 });
});
