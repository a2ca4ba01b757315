import { setImmediate } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { quote, type Table } from './schema.ts';

/** Rows that are gone through at once: a fraction of a second, after which an interrupt is heard. */
const ROWS = 50_000;
/** Of rows whose numbers alone are looked at, many more. */
const ROWS_OF_NUMBERS = 1_000_000;

/** Row numbers are signed, 64 bits wide. */
const LOWEST_ROWID = -(2n ** 63n);

/** A condition on rows, and the numbers it is for. */
export type Chunk = (where: string, bounds: { readonly from: bigint; readonly to: bigint }) => void;

/** Lets the process hear of an interrupt. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

/** Goes through a table in pieces. */
export async function inChunks(
  db: Database.Database,
  { name, rowid }: Table,
  signal: AbortSignal | undefined,
  work: Chunk,
  rows = ROWS,
): Promise<void> {
  if (rowid === undefined) {
    await pause(signal);
    work('@from <= @to', { from: 0n, to: 0n });
    return;
  }
  // Pieces of the row numbers, each from a row that is there: numbers are dense, and a seek costs nothing where they are not.
  const next = db
    .prepare(`SELECT min(${rowid}) FROM main.${quote(name)} WHERE ${rowid} >= ?`)
    .pluck()
    .safeIntegers();
  const last = db
    .prepare(`SELECT max(${rowid}) FROM main.${quote(name)}`)
    .pluck()
    .safeIntegers()
    .get() as bigint | null;
  let from = next.get(LOWEST_ROWID) as bigint | null;
  while (from !== null && last !== null) {
    await pause(signal);
    const end: bigint = from + BigInt(rows - 1);
    const to = end < last ? end : last;
    work(`${rowid} BETWEEN @from AND @to`, { from, to });
    from = to === last ? null : (next.get(to + 1n) as bigint | null);
  }
}

/** Gathers the distinct values of an expression over a table's rows into a temporary table of one column. */
export async function gatherDistinct(
  db: Database.Database,
  table: Table,
  expression: string,
  into: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await inChunks(
    db,
    table,
    signal,
    (where, bounds) =>
      void db
        .prepare(
          `INSERT OR IGNORE INTO temp.${into} SELECT DISTINCT ${expression} FROM main.${quote(table.name)} WHERE ${where} AND typeof(${expression}) = 'integer'`,
        )
        .run(bounds),
    ROWS_OF_NUMBERS,
  );
}
