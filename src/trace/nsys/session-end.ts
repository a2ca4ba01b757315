import Database from 'better-sqlite3';
import type { Ns } from '#core/units';
import type { VendorTables } from './vendor-tables.ts';

/** Tables whose rows show that the session still went on. */
const WITNESSES = [
  'CUPTI_ACTIVITY_KIND_KERNEL',
  'CUPTI_ACTIVITY_KIND_GRAPH_TRACE',
  'CUPTI_ACTIVITY_KIND_MEMCPY',
  'CUPTI_ACTIVITY_KIND_MEMSET',
  'CUPTI_ACTIVITY_KIND_RUNTIME',
  'OSRT_API',
] as const;
/** Of each table so many of its first and of its last rows are looked at, where a whole look would cost as much as reading it. */
const SAMPLE_ROWS = 1000;
/** So many begins must be as late: one or two may be damaged themselves. */
const AGREEING_STARTS = 3;

interface Times {
  readonly start: unknown;
  readonly end: unknown;
}
const timesIn = (rows: readonly Times[], which: keyof Times): number[] =>
  rows.flatMap(row => (Number.isSafeInteger(row[which]) ? [Number(row[which])] : [])).sort((a, b) => b - a);

/** The latest moment for which the rows of several tables, or several rows of one, speak. */
function agreed(rowsOf: readonly (readonly Times[])[]): Ns {
  const starts = rowsOf.map(rows => timesIn(rows, 'start')[AGREEING_STARTS - 1] ?? Number.NEGATIVE_INFINITY);
  const ends = rowsOf.flatMap(rows => timesIn(rows, 'end')[0] ?? []).sort((a, b) => b - a);
  return Math.max(...starts, ends[1] ?? Number.NEGATIVE_INFINITY);
}

/**
 * When the session ended, ns since its begin, as far as its rows show; `Infinity` where too few do.
 * @param isExact looks at all rows: a pass over the trace
 */
export function sessionEnd(db: Database.Database, { actual, origin }: VendorTables, isExact: boolean): Ns {
  const shift = origin === undefined ? '' : ` - ${origin}`;
  const rowsOf = WITNESSES.flatMap(table => {
    const name = actual.get(table);
    if (name === undefined) return [];
    const from = `SELECT start${shift} AS start, "end"${shift} AS "end" FROM main."${name.replaceAll('"', '""')}"`;
    const sample = (order: string, limit: number) => `SELECT * FROM (${from} ORDER BY ${order} LIMIT ${limit})`;
    const parts = isExact
      ? [sample('start DESC', AGREEING_STARTS), sample('"end" DESC', 1)]
      : [sample('rowid', SAMPLE_ROWS), sample('rowid DESC', SAMPLE_ROWS)];
    return [rowsFrom(db, parts.join(' UNION '))];
  });
  const end = agreed(rowsOf);
  return Number.isFinite(end) ? end : Number.POSITIVE_INFINITY;
}

function rowsFrom(db: Database.Database, sql: string): readonly Times[] {
  try {
    return db.prepare<[], Times>(sql).all();
  } catch (error) {
    // A table without these columns, or without row ids, says nothing.
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR') return [];
    throw error;
  }
}
