import Database from 'better-sqlite3';
import { quote, tablesOf } from './schema.ts';
import type { Secret } from './secret.ts';

/** Says in words where a secret stands in a trace. */
export function placeOf(path: string, secret: Secret): string {
  const db = new Database(path, { readonly: true });
  try {
    for (const { name, columns } of tablesOf(db))
      for (const column of columns) {
        const holds = db.prepare(`SELECT 1 FROM main.${quote(name)} WHERE instr(${quote(column)}, ?) > 0 LIMIT 1`);
        if (holds.get(secret.text) !== undefined) return `column ${column} of table ${name}`;
      }
    return 'the definition of a table or the space between its rows';
  } finally {
    db.close();
  }
}
