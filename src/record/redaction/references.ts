import type Database from 'better-sqlite3';
import { gatherDistinct } from './chunks.ts';
import { quote, type Table } from './schema.ts';
import type { Where } from './secret.ts';
import { declaredReferences, referredRole, refersByName, STRINGS } from './vendor-places.ts';

/** A column whose numbers stand for strings. */
export interface Reference {
  readonly table: Table;
  readonly column: string;
  readonly role: Where;
}

export function referencesIn(tables: readonly Table[]): Reference[] {
  return tables
    .filter(t => t.name !== STRINGS)
    .flatMap(table => {
      const { name, columns, texts, sql } = table;
      const declared = declaredReferences(sql).filter(c => columns.includes(c));
      return columns
        .filter(c => !texts.includes(c) && (declared.includes(c) || (declared.length === 0 && refersByName(c))))
        .map(column => ({ table, column, role: referredRole(name, column) }));
    });
}

/** Makes the temporary tables `name_id` and `label_id`: numbers of the strings that are names of functions, and of those that are labels. */
export async function gatherRoles(db: Database.Database, references: readonly Reference[], signal: AbortSignal | undefined): Promise<void> {
  for (const role of ['name', 'label'] as const) {
    db.exec(`CREATE TEMP TABLE ${role}_id (id INTEGER PRIMARY KEY)`);
    for (const { table, column } of references.filter(r => r.role === role))
      await gatherDistinct(db, table, quote(column), `${role}_id`, signal);
  }
}
