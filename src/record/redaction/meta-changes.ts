import type Database from 'better-sqlite3';
import { redactArgv } from './argv.ts';
import { commandLines, type MetaRow, metaRows } from './found-in-trace.ts';
import type { Cleaners } from './redact-text.ts';
import type { Table } from './schema.ts';
import { REDACTED } from './secret.ts';
import { isHost } from './secrets.ts';
import { metaKindOf } from './vendor-places.ts';

const PLACEHOLDER = /^<[\w.]+>$/;
const VARIABLE = /^([^=]+)=([\s\S]*)$/;

/** The one word of a cell that is a name: its placeholder, where it has one of its own. */
function whole(value: string, clean: Cleaners, placeholder: string): string {
  if (value === '' || PLACEHOLDER.test(value)) return value;
  const cleaned = clean.text(value);
  return PLACEHOLDER.test(cleaned) ? cleaned : placeholder;
}

function cleanValue({ name, value }: MetaRow, clean: Cleaners): string {
  switch (metaKindOf(name)) {
    case 'public':
      return value;
    case 'variable': {
      const [, variable, given = ''] = VARIABLE.exec(value) ?? [];
      return variable === undefined ? clean.text(value) : (clean.variable(variable, given) ?? REDACTED);
    }
    case 'environment':
      return clean.environment(value, ';');
    case 'host':
      return isHost(value) ? whole(value, clean, '<host>') : value;
    case 'user':
      return whole(value, clean, '<user>');
    case 'folder':
      return value.length > 1 ? whole(value, clean, '<folder>') : value;
    case 'removed':
      return value === '' || value === '{}' ? value : REDACTED;
    default:
      return clean.text(value);
  }
}

/** The rows of a table of names and values that must change, and into what; undefined for any other table. */
export function metaChanges(db: Database.Database, table: Table, clean: Cleaners): { rowid: number; value: string }[] | undefined {
  const rows = metaRows(db, table);
  if (rows === undefined) return undefined;
  const argv = new Map(
    commandLines(rows).flatMap(line => redactArgv(line.map(r => r.value)).map((shown, i) => [line[i]?.rowid, clean.text(shown)] as const)),
  );
  return rows.flatMap(row => {
    const value = argv.get(row.rowid) ?? cleanValue(row, clean);
    return value === row.value ? [] : [{ rowid: row.rowid, value }];
  });
}
