import type Database from 'better-sqlite3';
import { type ColumnData, type Columns, columnAt, itemAt } from '#core/columns';
import type { Ns } from '#core/units';
import { type KeepsRow, readTable } from '#trace/pages/read-table';
import type { StoredColumn } from '#trace/pages/records';
import { PACKED_PARTS, ZERO_BITS_OF_PROCESS } from './packed-ids.ts';
import { type GatedColumn, isPacked, ruleOf } from './row-rules.ts';
import type { ScanLimits, Scanned } from './scan.ts';
import type { Stored, StoredRelation } from './stored-columns.ts';

/** A trace as SQLite reads it, and as a file. */
export interface OpenedFile {
  readonly db: Database.Database;
  /** A file that was unpacked has lost its name by now. */
  readonly fd: number;
}

/** A table as this trace has it. */
interface StoredTable {
  /** Its first page. */
  readonly root: number;
  /** Place of each column in its records. */
  readonly position: ReadonlyMap<string, number>;
}

/** Looks a table up; undefined where its records do not hold its columns in their order: keys of whole numbers and computed columns. */
function storedTable(db: Database.Database, name: string): StoredTable | undefined {
  const root = db.prepare("SELECT rootpage FROM main.sqlite_master WHERE type = 'table' AND name = ?").pluck().get(name);
  const columns = db.prepare("SELECT name, pk, hidden FROM pragma_table_xinfo(?, 'main')").all(name) as readonly {
    name: string;
    pk: number;
    hidden: number;
  }[];
  if (typeof root !== 'number' || columns.some(c => c.pk !== 0 || c.hidden !== 0)) return undefined;
  return { root, position: new Map(columns.map((c, i) => [c.name.toLowerCase(), i])) };
}

const ifNull = ({ type }: GatedColumn): number => (type === 'int32' ? -1 : Number.NaN);

/** How a wanted column is read: as one of the table's, or as two whose product it is; as none where this trace does not have it. */
function readingOf(column: GatedColumn, stored: Stored, table: StoredTable): readonly StoredColumn[] | undefined {
  const parts = typeof stored === 'string' || 'of' in stored ? [stored] : stored;
  const read: StoredColumn[] = [];
  for (const of of parts) {
    const position = table.position.get((typeof of === 'string' ? of : of.of).toLowerCase());
    if (position === undefined) return column.nullable ? [] : undefined;
    read.push({
      position,
      part: typeof of === 'string' ? 'whole' : PACKED_PARTS[of.part],
      type: column.type === 'int32' ? 'int32' : 'double',
      ifNull: column.nullable && parts.length === 1 ? ifNull(column) : undefined,
      zeroBits: isPacked(column) ? ZERO_BITS_OF_PROCESS : undefined,
    });
  }
  return read;
}

/** Ids of the names of calls that matter however short they are, as the relation's SQL selects them. */
function namesThatMatter(db: Database.Database, sql: string): ReadonlySet<number> {
  const [, select] = /IN \(\s*(SELECT[\s\S]*)\)\s*$/.exec(sql.trim()) ?? [];
  if (select === undefined) throw new Error('relevant_call.sql no longer selects names');
  return new Set(db.prepare(select).pluck().all() as number[]);
}

/** From this length on a call is relevant, as relevant_call.sql says. */
const RELEVANT_NS: Ns = 1000;

/** Which rows the relation's SQL keeps. Starts and ends are the first two columns. */
function keeperOf({ keeps }: StoredRelation, db: Database.Database, sql: string, nameSlot: number): KeepsRow | undefined {
  if (keeps === undefined) return undefined;
  // A row that ends before it starts is kept as well, to be counted: that is for SQL to do.
  if (keeps === 'ended') return (data, row) => columnAt(data[1], row) > 0 || columnAt(data[1], row) < columnAt(data[0], row);
  const names = namesThatMatter(db, sql);
  return (data, row) => columnAt(data[1], row) - columnAt(data[0], row) >= RELEVANT_NS || names.has(columnAt(data[nameSlot], row));
}

/** Whether all rows are what their columns say. @returns how many lie outside; undefined where a row is odd, which SQL counts by kind */
function outsideOf(columns: readonly GatedColumn[], data: readonly ColumnData[], n: number, limits: ScanLimits): number | undefined {
  for (const [i, column] of columns.entries()) {
    const { least, most } = ruleOf(column);
    if (most === Number.MAX_SAFE_INTEGER) continue;
    for (let row = 0; row < n; row++) if (columnAt(data[i], row) < least || columnAt(data[i], row) > most) return undefined;
  }
  if (!limits.isTimed) return 0;
  const [starts, ends] = data;
  const [earliest, latest] = limits.within;
  let outside = 0;
  for (let row = 0; row < n; row++) {
    const start = columnAt(starts, row);
    const end = columnAt(ends, row);
    if (start > end) return undefined;
    if (end > latest || start < earliest) outside++;
  }
  return outside;
}

/** One column of what was read: as it is, the product of two, or nothing but NULL. */
function columnOf(column: GatedColumn, read: readonly ColumnData[], n: number): ColumnData {
  const [one, other] = read;
  if (one === undefined) return (column.type === 'int32' ? new Int32Array(n) : new Float64Array(n)).fill(ifNull(column));
  if (other !== undefined) for (let row = 0; row < n; row++) one[row] = columnAt(one, row) * columnAt(other, row);
  return one.length > 2 * n ? one.slice(0, n) : one.subarray(0, n);
}

/**
 * Reads columns of a relation from the pages of the file, where every row is plain: what scanColumns does, in a third of its time.
 * @param columns starts and ends first, where `limits.isTimed`
 * @param sql what the relation's view selects
 * @returns undefined where SQL has to be asked
 */
export function scanPages(
  { db, fd }: OpenedFile,
  relation: StoredRelation & { readonly sql: string },
  columns: readonly GatedColumn[],
  limits: ScanLimits,
): Scanned | undefined {
  const table = storedTable(db, relation.table);
  const name = columns.findIndex(c => c.name === 'name_id');
  if (table === undefined || (relation.keeps === 'relevant calls' && name < 0)) return undefined;
  const readings: (readonly StoredColumn[])[] = [];
  for (const column of columns) {
    const stored = relation.columns[column.name];
    const reading = stored === undefined || column.type === 'real' ? undefined : readingOf(column, stored, table);
    if (reading === undefined) return undefined;
    readings.push(reading);
  }
  const slots = readings.map((_, i) => readings.slice(0, i).flat().length);
  const partsOf = (i: number, all: readonly ColumnData[]) => all.slice(slots[i], slots[i + 1]);
  const rows = readTable(fd, table.root, readings.flat(), keeperOf(relation, db, relation.sql, slots[name] ?? -1));
  if (rows === undefined) return undefined;
  const data = readings.map((_, i) => columnOf(itemAt(columns, i), partsOf(i, rows.data), rows.n));
  const outside = outsideOf(columns, data, rows.n, limits);
  if (outside === undefined) return undefined;
  const named = Object.fromEntries(columns.map((c, i) => [c.name, data[i]]));
  return { columns: { n: rows.n, ...named } as Columns<string>, malformed: 0, reversed: 0, outside };
}
