import { readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '#core/package-root';
import { type PreludeName, prelude } from '#trace/queries/index.gen';
import type { VendorTables } from './vendor-tables.ts';

const QUERIES = new URL('queries/', PACKAGE_ROOT);

/** The text of a query. @param file its place in queries/ */
export const sqlText = (file: string): string => readFileSync(new URL(file, QUERIES), 'utf8');

/** The SQL of a relation with this export's own tables in place of the vendor's newest names (SQLite ignores case, so a relation may share a table's name). */
export function preludeSql(name: PreludeName, vendor: VendorTables): string {
  const { file, from } = prelude[name];
  const body = sqlText(file).replace(/^--.*$/gm, '');
  return from.reduce(
    (sql, { table }) => sql.replaceAll(new RegExp(`\\b(FROM|JOIN) ${table}\\b`, 'g'), `$1 ${vendor.source.get(table)}`),
    body,
  );
}
