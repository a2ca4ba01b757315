import type Database from 'better-sqlite3';
import { metaRows } from './found-in-trace.ts';
import { quote, type Table } from './schema.ts';
import { patternOf, type Secrets } from './secret.ts';
import { DEVICE_NAMES, DEVICE_TABLE, metaKindOf } from './vendor-places.ts';

/** What every export says and the analysis reads: the definitions of its tables, versions, and what the GPUs are called. */
export function publicTexts(db: Database.Database, tables: readonly Table[]): string[] {
  const schema = db.prepare('SELECT sql FROM main.sqlite_master WHERE sql IS NOT NULL').pluck().all() as string[];
  const versions = tables.flatMap(t => (metaRows(db, t) ?? []).filter(r => metaKindOf(r.name) === 'public').map(r => r.value));
  const devices = tables.find(t => t.name === DEVICE_TABLE);
  const names = DEVICE_NAMES.filter(c => devices?.columns.includes(c)).flatMap(
    c =>
      db
        .prepare(`SELECT CAST(${quote(c)} AS TEXT) FROM main.${DEVICE_TABLE} WHERE ${quote(c)} IS NOT NULL`)
        .pluck()
        .all() as string[],
  );
  return [...schema, ...versions, ...names];
}

/** Leaves out values that such a text holds: they are no secret, and a scan would find them again. Who and where stay secret whatever a text says. */
export function withoutPublic(secrets: Secrets, texts: readonly string[]): Secrets {
  const all = texts.join('\n');
  const isPublic = (kind: string) => kind === 'environment' || kind === 'folder';
  return { ...secrets, list: secrets.list.filter(s => !(isPublic(s.kind) && new RegExp(patternOf(s)).test(all))) };
}
