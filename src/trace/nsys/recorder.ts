import type Database from 'better-sqlite3';
import { visible } from '#core/format/visible';
import type { Recorder } from '#trace/source';
import { NOT_RECORDED } from './export-writer.ts';

/** The newest layouts that were looked at, major and minor: of nsys' exports 3.25 (nsys 2026.2), of PyTorch's profiler schemaVersion 1. */
const NEWEST = { 'nsys-sqlite': [3, 25], 'kineto-json': [1, 0] } as const;
/** What another recorder's rows were written with: see ExportWriter. */
export const FOREIGN_PRODUCT = 'PyTorch profiler';

const isNewer = (schema: string | undefined, [major, minor]: readonly [number, number]): boolean => {
  const [its = 0, itsMinor = 0] = (schema ?? '').split('.').map(Number);
  return its > major || (its === major && itsMinor > minor);
};

/** Who wrote a trace, by its own words. */
export function recorderOf(db: Database.Database): Recorder {
  const rows = db.prepare<[], { name: unknown; value: unknown }>('SELECT name, value FROM temp.export_info').all();
  const said = (name: string) => {
    const value = rows.find(r => r.name === name)?.value;
    return typeof value === 'string' && value !== '' ? visible(value) : undefined;
  };
  const product = said('EXPORT_PRODUCT_NAME');
  const format = product === FOREIGN_PRODUCT ? 'kineto-json' : 'nsys-sqlite';
  const schema = said('EXPORT_SCHEMA_VERSION');
  return { format, product, version: said('EXPORT_PRODUCT_VERSION'), schema, isNewer: isNewer(schema, NEWEST[format]) };
}

/** Why relations are empty, as an export that was made of another recorder's trace says itself. */
export function whyNotRecorded(db: Database.Database): ReadonlyMap<string, string> {
  const isThere = db.prepare("SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND rootpage > 0 AND name = ?").get(NOT_RECORDED);
  if (isThere === undefined) return new Map();
  const rows = db.prepare<[], { relation: unknown; why: unknown }>(`SELECT relation, why FROM main.${NOT_RECORDED}`).all();
  return new Map(rows.map(({ relation, why }) => [String(relation), visible(String(why))]));
}

/** nvprof names its texts StringTable; its tables of activities have names that nsys uses too, and other columns. */
export const isNvprof = (db: Database.Database): boolean => {
  const tables = new Set(db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all());
  return tables.has('StringTable') && !tables.has('StringIds');
};
