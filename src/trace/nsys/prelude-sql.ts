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

/** Relations whose texts people wrote, who put secrets into them. Reports and exports are passed on, whether or not their trace was redacted. */
const WRITTEN_BY_PEOPLE: ReadonlySet<PreludeName> = new Set(['nvtx_range', 'nvtx_mark', 'thread', 'process', 'capture_option']);

/** A function of SQL that gives a text without what is private in it; whoever lays relations has it. */
export const SHOWN_LABEL = 'shown_label';

/** The same SQL with labels that hold nothing private. */
export function shownSql(name: PreludeName, vendor: VendorTables): string {
  const sql = preludeSql(name, vendor);
  if (!WRITTEN_BY_PEOPLE.has(name)) return sql;
  const shown = prelude[name].columns.map(c => (c.type === 'text' ? `${SHOWN_LABEL}("${c.name}") AS "${c.name}"` : `"${c.name}"`));
  return `SELECT ${shown.join(', ')} FROM (${sql})`;
}
