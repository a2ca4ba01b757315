import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ForensicsError } from '#core/errors';
import { visible } from '#core/format/visible';
import { getOrCompute } from '#core/get-or-compute';
import { shownLabel, shownName } from '#core/secrets/labels';
import { type EvidenceName, evidence, type Params, type PreludeName, prelude } from '#trace/queries/index.gen';
import type { Answer, ColumnName, DamagedRows, Recorder, Scan, TraceSource } from '#trace/source';
import { answerRows } from './answer-rows.ts';
import { assertOfNsys } from './assert-of-nsys.ts';
import { openDatabase } from './open-database.ts';
import { copyAside, openTraceFile, type TraceFile } from './open-file.ts';
import { pidOf } from './packed-ids.ts';
import { SHOWN_LABEL, shownSql, sqlText } from './prelude-sql.ts';
import { recorderOf, whyNotRecorded } from './recorder.ts';
import { RowGate } from './row-gate.ts';
import type { ScannedColumn } from './scan.ts';
import { sqlHint } from './sql-hint.ts';
import { asForensicsError, cannotOpenBeside } from './sqlite-errors.ts';
import { normaliseVendorTables, type VendorTables } from './vendor-tables.ts';

/**
 * A trace opened read-only, with the prelude's words laid over the vendor's tables. The file's bytes never change.
 * `ask` answers an evidence query in few rows; `scan` reads whole columns of a relation.
 */
export class TraceStore implements TraceSource {
  readonly #db: Database.Database;
  readonly #fd: number;
  readonly #file: TraceFile;
  readonly #shown: string;
  readonly #missing = new Map<PreludeName, string>();
  /** Of queries that were asked: to prepare one takes about as long as to answer it. */
  readonly #statements = new Map<EvidenceName, Database.Statement>();
  readonly #gate: RowGate;
  readonly isChecked: boolean;
  readonly recorder: Recorder;

  private constructor(file: TraceFile, shown: string) {
    this.#file = file;
    this.#shown = shown;
    const { db, isChecked } = openDatabase(file.path, shown);
    this.#db = db;
    let fd: number | undefined;
    try {
      const vendor = normaliseVendorTables(db);
      assertOfNsys(db, vendor, shown);
      fd = openSync(file.path, 'r');
      this.#fd = fd;
      this.#gate = new RowGate({ db, fd }, vendor);
      this.#layPrelude(vendor);
      this.recorder = recorderOf(db);
    } catch (error) {
      db.close();
      if (fd !== undefined) closeSync(fd);
      throw error;
    }
    // What was written a moment ago has no pages of others.
    this.isChecked = isChecked || this.recorder.format !== 'nsys-sqlite';
    file.isOpen();
  }

  /** Lays our words over the vendor's tables. */
  #layPrelude(vendor: VendorTables): void {
    this.#db.function(SHOWN_LABEL, { deterministic: true }, text => (typeof text === 'string' ? shownLabel(text) : text));
    const why = whyNotRecorded(this.#db);
    for (const name of Object.keys(prelude) as PreludeName[]) {
      const relation = prelude[name];
      const absent = relation.from.filter(t => !t.optional).flatMap(t => vendor.missing.get(t.table) ?? []);
      if (absent.length > 0) this.#missing.set(name, why.get(name) ?? absent.join('; '));
      const columns = relation.columns.map(c => `NULL AS "${c.name}"`).join(', ');
      this.#gate.lay(name, absent.length > 0 ? `SELECT ${columns} WHERE 0` : shownSql(name, vendor));
    }
  }

  /**
   * Opens a `.sqlite` or `.sqlite.gz` export of any schema version.
   * @param path  file to open
   * @throws ForensicsError not-found, not-readable, not-a-trace, damaged-trace
   */
  static async open(path: string): Promise<TraceStore> {
    let file = await openTraceFile(path);
    try {
      try {
        return new TraceStore(file, path);
      } catch (error) {
        const copy = cannotOpenBeside(error) ? await copyAside(file.path) : undefined;
        if (copy === undefined) throw error;
        file.dispose();
        file = copy;
        return new TraceStore(file, path);
      }
    } catch (error) {
      file.dispose();
      throw asForensicsError(error, path);
    }
  }

  close(): void {
    this.#db.close();
    closeSync(this.#fd);
    this.#file.dispose();
  }

  /** Why a relation has nothing to say, as a sentence, or undefined when it has rows. A table that is there but empty is no evidence of health. */
  missing(name: PreludeName): string | undefined {
    const known = this.#missing.get(name);
    if (known !== undefined) return known;
    const lost = this.#gate.lost(name);
    if (lost !== undefined) return `${lost.rows - lost.kept} of ${lost.rows} rows of ${lost.relation} are damaged`;
    return this.#guard(() => this.#gate.isFilled(name)) ? undefined : `no ${name} was recorded`;
  }

  /** Runs an evidence query; every row is checked against the schema generated from its header. */
  ask<N extends EvidenceName>(name: N, params: Params<N> = {}): Answer<N> {
    const query = evidence[name];
    const missing = query.reads.filter(r => !r.optional).flatMap(r => this.missing(r.relation) ?? []);
    if (missing.length > 0) return { ok: false, missing: [...new Set(missing)] };
    const bound = Object.fromEntries(
      query.params.map(p => {
        const value: number | string = (params as Readonly<Record<string, number | string | undefined>>)[p.name] ?? p.default;
        // A JavaScript number binds as REAL; an integer must go in as one, or `/` divides differently.
        return [p.name, p.type === 'integer' && typeof value === 'number' ? BigInt(Math.round(value)) : value];
      }),
    );
    const prepared = () => this.#db.prepare(sqlText(query.file));
    const rows = this.#guard(() => getOrCompute(this.#statements, name, prepared).all(bound));
    const good = answerRows(name, rows);
    this.#gate.countAnswer(query.reads[0].relation, good.length, rows.length - good.length);
    return { ok: true, rows: good };
  }

  /** Reads columns of a relation into typed arrays, in the file's order. Text columns cannot be scanned: take the name_id. */
  scan<R extends PreludeName, C extends ColumnName<R>>(relation: R, columns: readonly C[]): Scan<R, C> {
    const declared = new Map(prelude[relation].columns.map(c => [c.name as string, c]));
    const wanted = columns.map((name): ScannedColumn => {
      const column = declared.get(name);
      if (column === undefined || column.type === 'text') throw new Error(`${relation} has no column ${name} that can be scanned`);
      return column;
    });
    // The header types each column, here and in Scan.
    return this.#guard(() => this.#gate.scan(relation, wanted)) as unknown as Scan<R, C>;
  }

  damaged(): readonly DamagedRows[] {
    return this.#gate.damaged();
  }

  /** Texts of the given name ids, each on one line; an id without a text is left out. */
  names(ids: Iterable<number>): ReadonlyMap<number, string> {
    const get = this.#db.prepare('SELECT name FROM temp.name WHERE name_id = ?').pluck();
    const out = new Map<number, string>();
    for (const id of new Set(ids)) {
      const text = id < 0 ? undefined : this.#guard(() => get.get(id));
      if (typeof text === 'string') out.set(id, visible(shownName(text)));
    }
    return out;
  }

  readonly pidOf = pidOf;

  /** Runs SQL that the user typed, over the prelude's relations. Only for a process that can be killed: a running query cannot be interrupted. */
  run(
    sql: string,
    limit: number,
  ): { readonly columns: readonly string[]; readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly cut: boolean } {
    try {
      // What a user asks for by hand is shown to the last digit: ids and epoch times exceed 2^53.
      const statement = this.#db.prepare(sql).safeIntegers();
      if (!statement.reader)
        throw new ForensicsError(
          'query-failed',
          'the statement would change the trace, or asks nothing',
          'Traces are opened read-only: ask with SELECT.',
        );
      const rows: Readonly<Record<string, unknown>>[] = [];
      let cut = false;
      for (const row of statement.iterate()) {
        if (rows.length === limit) {
          cut = true;
          break;
        }
        rows.push(row as Readonly<Record<string, unknown>>);
      }
      return { columns: statement.columns().map(c => c.name), rows, cut };
    } catch (error) {
      if (error instanceof Database.SqliteError)
        throw new ForensicsError('query-failed', `the query failed: ${error.message}`, sqlHint(error.message));
      throw error;
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asForensicsError(error, this.#shown);
    }
  }
}
