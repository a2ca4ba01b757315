import type Database from 'better-sqlite3';
import { type ColumnData, type Columns, columnAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Ns } from '#core/units';
import { type PreludeName, prelude } from '#trace/queries/index.gen';
import type { DamagedRows } from '#trace/source';
import { repeatedRows } from './repeated-rows.ts';
import { type GatedColumn, IDENTITY, isOfSession, isTimed, SESSION_SLACK_NS, timesInOrder, wholeRule } from './row-rules.ts';
import { type ScanLimits, type Scanned, scanColumns } from './scan.ts';
import { type OpenedFile, scanPages } from './scan-pages.ts';
import { sessionEnd } from './session-end.ts';
import { STORED } from './stored-columns.ts';
import type { VendorTables } from './vendor-tables.ts';

/** Beyond this share what is left of a relation is not what happened: sums are then further off than runs of the same program differ. */
const MOST_DAMAGED = 0.03;

const tablesOf = (relation: PreludeName): readonly string[] =>
  prelude[relation].from.filter(t => t.table !== 'StringIds').map(t => t.table);
const rawView = (relation: PreludeName) => `temp."raw ${relation}"`;

const NOTHING = { malformed: 0, reversed: 0, outside: 0, repeated: 0 };
type Counts = typeof NOTHING;
const sum = (c: Counts) => c.malformed + c.reversed + c.outside + c.repeated;

/**
 * The one way to the rows of a trace. A row counts if each value is an integer in a range that is safe and possible, if it ends no earlier
 * than it starts, lies inside the session, and repeats no other. What does not is left out and counted; a relation that loses more than a
 * few per cent is missing.
 */
export class RowGate {
  readonly #file: OpenedFile;
  readonly #db: Database.Database;
  readonly #vendor: VendorTables;
  /** What each relation selects. */
  readonly #sql = new Map<PreludeName, string>();
  readonly #damaged = new Map<PreludeName, DamagedRows>();
  /** Whether a relation has rows: asked often, and to find none may take a pass over its tables. */
  readonly #filled = new Map<PreludeName, boolean>();
  #sampledEnd: Ns | undefined;
  #exactEnd: Ns | undefined;

  constructor(file: OpenedFile, vendor: VendorTables) {
    this.#file = file;
    this.#db = file.db;
    this.#vendor = vendor;
  }

  /** Lays a relation's view over what SQL selects for it. */
  lay(relation: PreludeName, sql: string): void {
    this.#db.exec(`CREATE TEMP VIEW "raw ${relation}" AS ${sql}`);
    this.#sql.set(relation, sql);
    const condition = timesInOrder(relation);
    this.#view(relation, `SELECT * FROM ${rawView(relation)}${condition === undefined ? '' : ` WHERE ${condition}`}`);
  }

  #view(relation: PreludeName, sql: string): void {
    this.#filled.delete(relation);
    this.#db.exec(`DROP VIEW IF EXISTS temp."${relation}"; CREATE TEMP VIEW "${relation}" AS ${sql}`);
  }

  /** Whether any row of a relation counts. */
  isFilled(relation: PreludeName): boolean {
    return getOrCompute(this.#filled, relation, () => this.#db.prepare(`SELECT 1 FROM temp."${relation}" LIMIT 1`).get() !== undefined);
  }

  /** What was left out so far. */
  damaged(): readonly DamagedRows[] {
    return [...this.#damaged.values()];
  }

  /** Whether so many rows of a relation, or of another over the same tables, are damaged that it says nothing; and which. */
  lost(relation: PreludeName): DamagedRows | undefined {
    const tables = new Set(tablesOf(relation));
    return this.damaged().find(d => d.isLost && tablesOf(d.relation).some(t => tables.has(t)));
  }

  /** Reads columns of a relation, but for rows that cannot be right. */
  scan(relation: PreludeName, wanted: readonly GatedColumn[]): Columns<string> {
    const columns = withTimes(relation, wanted);
    const timed = isTimed(relation);
    const limits = { isTimed: timed, within: isOfSession(relation) ? this.#within(this.#sampled()) : EVERYTHING };
    const scanned = this.#scanPages(relation, columns, limits) ?? scanColumns(this.#db, rawView(relation), columns, limits);
    const { outside, kept } = this.#sift(relation, columns, scanned);
    const counts = { ...scanned, outside: outside.length, repeated: scanned.columns.n - kept.n - outside.length };
    this.#count(relation, kept.n, counts);
    return handedOver(kept, wanted, this.lost(relation) === undefined ? kept.n : 0);
  }

  #scanPages(relation: PreludeName, columns: readonly GatedColumn[], limits: ScanLimits): Scanned | undefined {
    const stored = STORED[relation];
    const table = stored === undefined ? undefined : this.#vendor.actual.get(stored.table);
    // Times that are shifted are for SQL.
    if (stored === undefined || table === undefined || this.#vendor.origin !== undefined) return undefined;
    return scanPages(this.#file, { ...stored, table, sql: this.#sql.get(relation) ?? '' }, columns, limits);
  }

  /** Counts rows of an answer that are not what its columns say. An answer may be one row of a thousand: it tells no share of a relation. */
  countAnswer(relation: PreludeName, kept: number, malformed: number): void {
    if (malformed > 0) this.#note(relation, kept, { ...NOTHING, malformed }, false);
  }

  /** Takes out what lies outside of the session and what repeats. */
  #sift(relation: PreludeName, columns: readonly GatedColumn[], scanned: Scanned) {
    const all = scanned.columns;
    const outside = scanned.outside > 0 ? outsideOf(all, this.#within(this.#exact())) : [];
    const id = columns.find(c => IDENTITY.has(c.name));
    const inOrder = ['start_ns', 'end_ns', ...(id === undefined ? [] : [id.name]), ...columns.map(c => c.name)];
    const repeated =
      isTimed(relation) && id !== undefined
        ? repeatedRows(
            [...new Set(inOrder)].map(c => dataOf(all, c)),
            all.n,
          )
        : [];
    return { outside, kept: without(all, columns, new Set([...outside, ...repeated])) };
  }

  #count(relation: PreludeName, kept: number, counts: Counts): void {
    if (sum(counts) === 0) return;
    this.#note(relation, kept, counts);
    // Whoever asks about these rows in SQL must not meet them either.
    const tables = new Set(tablesOf(relation));
    for (const name of Object.keys(prelude) as PreludeName[])
      if (name === relation || (isTimed(name) && tablesOf(name).some(t => tables.has(t))))
        this.#view(name, `SELECT DISTINCT * FROM ${rawView(name)} WHERE ${wholeRule(name, this.#exact())}`);
  }

  #note(relation: PreludeName, kept: number, { malformed, reversed, outside, repeated }: Counts, isShare = true): void {
    const rows = kept + malformed + reversed + outside + repeated;
    const isLost = isShare && rows - kept > MOST_DAMAGED * rows;
    const known = this.#damaged.get(relation);
    if (known === undefined || (!known.isLost && (isLost || rows - kept > known.rows - known.kept)))
      this.#damaged.set(relation, { relation, rows, kept, malformed, reversed, outside, repeated, isLost });
  }

  #within(end: Ns): readonly [Ns, Ns] {
    return [-SESSION_SLACK_NS, end + SESSION_SLACK_NS];
  }
  #sampled(): Ns {
    this.#sampledEnd ??= sessionEnd(this.#db, this.#vendor, false);
    return this.#sampledEnd;
  }
  #exact(): Ns {
    this.#exactEnd ??= Math.max(this.#sampled(), sessionEnd(this.#db, this.#vendor, true));
    return this.#exactEnd;
  }
}

const EVERYTHING: readonly [Ns, Ns] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Starts and ends come first, wanted or not: rows are judged by them. */
function withTimes(relation: PreludeName, wanted: readonly GatedColumn[]): readonly GatedColumn[] {
  if (!isTimed(relation)) return wanted;
  const times = (['start_ns', 'end_ns'] as const).map(name => ({ name, type: 'integer' as const, nullable: false }));
  return [...times, ...wanted.filter(c => times.every(t => t.name !== c.name))];
}

const dataOf = (columns: Columns<string>, name: string): ColumnData => columns[name] ?? new Float64Array(0);

function outsideOf(columns: Columns<string>, [from, to]: readonly [Ns, Ns]): readonly number[] {
  const [start, end] = [dataOf(columns, 'start_ns'), dataOf(columns, 'end_ns')];
  const rows: number[] = [];
  for (const [row, at] of end.entries()) if (at > to || columnAt(start, row) < from) rows.push(row);
  return rows;
}

function without(all: Columns<string>, columns: readonly GatedColumn[], rows: ReadonlySet<number>): Columns<string> {
  if (rows.size === 0) return all;
  const kept = columns.map(({ name }) => [name, dataOf(all, name).filter((_, row) => !rows.has(row))] as const);
  return { n: all.n - rows.size, ...Object.fromEntries(kept) } as Columns<string>;
}

/** What was asked for, and its first rows. */
const handedOver = (columns: Columns<string>, wanted: readonly GatedColumn[], n: number): Columns<string> =>
  ({ n, ...Object.fromEntries(wanted.map(({ name }) => [name, dataOf(columns, name).subarray(0, n)])) }) as Columns<string>;
