import Database from 'better-sqlite3';
import type { Bytes, Ns } from '#core/units';
import type { PreludeName } from '#trace/queries/index.gen';
import { EXPORT_TABLES, type ExportRows, type ForeignKind } from './export-tables.ts';
import { numbering, packedId } from './numbering.ts';

/** What holds for a whole trace, and is known once all of it was read. */
export interface WholeTrace {
  /** The clock's reading at the first moment: what the times of the rows count from, once written. */
  readonly first: Ns;
  /** Epoch ns of that moment; undefined where the recorder's clock does not count from 1970. */
  readonly session: bigint | undefined;
  /** The process of all that GPUs did. */
  readonly pid: number;
  readonly product: { readonly name: string; readonly version: string | undefined; readonly schema: string | undefined };
  readonly gpus: readonly {
    readonly id: number;
    readonly name: string | undefined;
    readonly sms: number | undefined;
    readonly memory: Bytes | undefined;
  }[];
  readonly processes: ReadonlyMap<number, string>;
  /** For each relation of which the recorder may have no rows, why: what a reader is told instead of an answer. */
  readonly notRecorded: Readonly<Partial<Record<PreludeName, string>>>;
}

/** The table in which an export that is made of another recorder's trace says why relations are empty. */
export const NOT_RECORDED = 'NOT_RECORDED';

/**
 * Lays what another recorder saw into the tables of an export, so that all that reads exports reads it too. Rows may come in any order, and
 * are kept on disk until the end.
 */
export class ExportWriter {
  readonly #db: Database.Database;
  readonly #numbers = numbering();
  readonly #insert: Readonly<Record<ForeignKind, Database.Statement>>;
  readonly #rows = new Map<ForeignKind, number>();

  /** @param path where the export is written; no file may be there */
  constructor(path: string) {
    this.#db = new Database(path);
    // Whoever reads it reads it once: what a power cut loses is made again.
    for (const setting of ['journal_mode = off', 'synchronous = off', 'temp_store = file']) this.#db.pragma(setting);
    this.#db.exec('BEGIN');
    const prepare = (kind: ForeignKind) => {
      const { columns } = EXPORT_TABLES[kind];
      this.#db.exec(`CREATE TEMP TABLE "${kind}" (${columns.map(c => `"${c}"`).join(', ')})`);
      return this.#db.prepare(`INSERT INTO temp."${kind}" VALUES (${columns.map(() => '?').join(', ')})`);
    };
    const kinds = Object.keys(EXPORT_TABLES) as ForeignKind[];
    this.#insert = Object.fromEntries(kinds.map(kind => [kind, prepare(kind)] as const)) as Record<ForeignKind, Database.Statement>;
  }

  /** Rows of a kind so far. */
  count(kind: ForeignKind): number {
    return this.#rows.get(kind) ?? 0;
  }

  write<K extends ForeignKind>(kind: K, row: ExportRows[K]): void {
    this.#insert[kind].run(EXPORT_TABLES[kind].values(row, this.#numbers));
    this.#rows.set(kind, this.count(kind) + 1);
  }

  /** Puts the rows in order of their starts, and adds what holds for all. */
  finish(whole: WholeTrace): void {
    const { session, product } = whole;
    for (const kind of Object.keys(EXPORT_TABLES) as ForeignKind[]) if (this.count(kind) > 0) this.#settle(kind, whole);
    this.#table(
      'StringIds',
      ['id', 'value'],
      [...this.#numbers.names].map(([value, id]) => [id, value]),
    );
    this.#table(
      'PROCESSES',
      ['globalPid', 'pid', 'name'],
      [...whole.processes].map(([pid, name]) => [packedId(pid), pid, name]),
    );
    this.#table(
      'TARGET_INFO_GPU',
      ['id', 'name', 'smCount', 'totalMemory'],
      whole.gpus.map(g => [g.id, g.name ?? null, g.sms ?? null, g.memory ?? null]),
    );
    this.#table('TARGET_INFO_SESSION_START_TIME', ['utcEpochNs'], session === undefined ? [] : [[session]]);
    const { name, version, schema } = product;
    const facts = { EXPORT_PRODUCT_NAME: name, EXPORT_PRODUCT_VERSION: version, EXPORT_SCHEMA_VERSION: schema };
    this.#table(
      'META_DATA_EXPORT',
      ['name', 'value'],
      Object.entries(facts).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
    this.#table(NOT_RECORDED, ['relation', 'why'], Object.entries(whole.notRecorded));
    this.#db.exec('COMMIT');
  }

  close(): void {
    this.#db.close();
  }

  #settle(kind: ForeignKind, { first, pid }: WholeTrace): void {
    const { table, columns, isOfGpu } = EXPORT_TABLES[kind];
    const isTimed = columns.includes('start');
    const shifted = columns.map(c => (c === 'start' || c === 'end' ? `"${c}" - ${first} AS "${c}"` : `"${c}"`));
    const process = isOfGpu ? `, ${packedId(pid)} AS globalPid` : '';
    this.#db.exec(
      `CREATE TABLE main."${table}" AS SELECT ${shifted.join(', ')}${process} FROM temp."${kind}" ORDER BY ${isTimed ? '"start", ' : ''}rowid`,
    );
    this.#db.exec(`DROP TABLE temp."${kind}"`);
  }

  #table(table: string, columns: readonly string[], rows: readonly (readonly unknown[])[]): void {
    if (rows.length === 0) return;
    this.#db.exec(`CREATE TABLE main."${table}" (${columns.map(c => `"${c}"`).join(', ')})`);
    const insert = this.#db.prepare(`INSERT INTO main."${table}" VALUES (${columns.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(row.map(v => (typeof v === 'number' ? BigInt(v) : v)));
  }
}
