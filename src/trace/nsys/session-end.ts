import Database from 'better-sqlite3';
import type { Ns } from '#core/units';
import { realTables, type VendorTables } from './vendor-tables.ts';

/** Tables whose rows show that the session still went on, with the columns of their starts and ends. */
const WITNESSES: Readonly<Record<string, readonly [start: string, end: string]>> = {
  CUPTI_ACTIVITY_KIND_KERNEL: ['start', 'end'],
  CUPTI_ACTIVITY_KIND_GRAPH_TRACE: ['start', 'end'],
  CUPTI_ACTIVITY_KIND_MEMCPY: ['start', 'end'],
  CUPTI_ACTIVITY_KIND_MEMSET: ['start', 'end'],
  CUPTI_ACTIVITY_KIND_RUNTIME: ['start', 'end'],
  OSRT_API: ['start', 'end'],
  // What the profiler itself did, and what it noted: both go on while it stops.
  PROFILER_OVERHEAD: ['start', 'end'],
  DIAGNOSTIC_EVENT: ['timestamp', 'timestamp'],
};
/** Of each table so many of its first and of its last rows are looked at, where a whole look would cost as much as reading it. */
const SAMPLE_ROWS = 1000;
/** So many begins must be as late: one or two may be damaged themselves. */
const AGREEING_STARTS = 3;
/** nsys has held calls of servers for up to 18 s while it stopped (shared captures of engines): beyond a minute it would be its first. */
const LONGEST_HOLD_NS: Ns = 60e9;

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

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * When the session ended, ns since its begin, as far as its rows show; `Infinity` where too few do. The profiler's own account of how long it
 * collected counts where it is later. It is no upper bound: calls of the system end up to 2 s after it in our captures, and what the profiler
 * holds while it stops may end later still.
 * @param isExact looks at all rows: a pass over the trace
 */
export function sessionEnd(db: Database.Database, { actual, origin }: VendorTables, isExact: boolean): Ns {
  const shift = origin === undefined ? '' : ` - ${origin}`;
  const tables = realTables(db);
  const rowsOf = Object.entries(WITNESSES).flatMap(([table, [start, end]]) => {
    const name = actual.get(table) ?? (tables.has(table) ? table : undefined);
    if (name === undefined) return [];
    const from = `SELECT ${quote(start)}${shift} AS start, ${quote(end)}${shift} AS "end" FROM main.${quote(name)}`;
    const sample = (order: string, limit: number) => `SELECT * FROM (${from} ORDER BY ${order} LIMIT ${limit})`;
    const parts = isExact
      ? [sample('start DESC', AGREEING_STARTS), sample('"end" DESC', 1)]
      : [sample('rowid', SAMPLE_ROWS), sample('rowid DESC', SAMPLE_ROWS)];
    return [rowsFrom(db, parts.join(' UNION '))];
  });
  const end = agreed(rowsOf);
  if (!Number.isFinite(end)) return Number.POSITIVE_INFINITY;
  const collected = tables.has('ANALYSIS_DETAILS') ? (timesIn(rowsFrom(db, COLLECTED), 'end')[0] ?? end) : end;
  const held = isExact ? heldUntil(db, actual.get('CUPTI_ACTIVITY_KIND_RUNTIME'), shift, end) : end;
  return Math.max(end, collected, held);
}

/** How long nsys collected; times count from where it began. */
const COLLECTED = 'SELECT NULL AS start, duration AS "end" FROM main.ANALYSIS_DETAILS LIMIT 1';

/**
 * When the last of the calls ended that nsys may have held. One thread makes one call at a time: only its last can have been held, and that
 * began inside the session.
 */
function heldUntil(db: Database.Database, table: string | undefined, shift: string, end: Ns): Ns {
  if (table === undefined) return end;
  const last = `SELECT max(start)${shift} AS start, "end"${shift} AS "end" FROM main.${quote(table)} WHERE typeof(start) = 'integer' GROUP BY globalTid`;
  const held = rowsFrom(db, last).filter(({ start }) => Number.isSafeInteger(start) && Number(start) <= end);
  return timesIn(held, 'end').find(at => at <= end + LONGEST_HOLD_NS) ?? end;
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
