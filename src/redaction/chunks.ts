import { setImmediate } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { quote, type Table } from './schema.ts';

/** Rows that are gone through at once: a fraction of a second, after which an interrupt is heard. */
const ROWS = 50_000;

/** A condition on rows, and the numbers it is for. */
export type Chunk = (where: string, bounds: { readonly from: number; readonly to: number }) => void;

/** Lets the process hear of an interrupt. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

/** Goes through a table in pieces. */
export async function inChunks(db: Database.Database, { name, rowid }: Table, signal: AbortSignal | undefined, work: Chunk): Promise<void> {
  if (rowid === undefined) {
    await pause(signal);
    work('@from <= @to', { from: 0, to: 0 });
    return;
  }
  const next = db
    .prepare(`SELECT max(id) FROM (SELECT ${rowid} AS id FROM main.${quote(name)} WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT ${ROWS})`)
    .pluck();
  const first = db
    .prepare(`SELECT min(${rowid}) FROM main.${quote(name)}`)
    .pluck()
    .get() as number | null;
  let from = first;
  while (from !== null) {
    await pause(signal);
    const to = next.get(from) as number | null;
    if (to === null) return;
    work(`${rowid} BETWEEN @from AND @to`, { from, to });
    from = to + 1;
  }
}
