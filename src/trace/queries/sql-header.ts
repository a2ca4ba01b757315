/**
 * What a column or parameter may hold. Times are integers in nanoseconds. An int32 column is one of which the low 32 bits are enough, such
 * as an id that is only compared: scans keep no more of it.
 */
export type SqlType = 'integer' | 'int32' | 'real' | 'text';

/** A vendor table as a prelude query reads it; an optional one may be missing from a trace, an optional column reads as NULL then. */
export interface VendorTable {
  readonly table: string;
  readonly optional: boolean;
  readonly columns: readonly { readonly name: string; readonly optional: boolean }[];
}
export interface SqlParam {
  readonly name: string;
  readonly type: SqlType;
  readonly default: number | string;
  readonly doc: string;
}
export interface SqlColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly doc: string;
}

/** The contract written at the top of every file in queries/. */
export interface SqlHeader {
  readonly summary: string;
  readonly doc: string;
  readonly from: readonly VendorTable[];
  readonly reads: readonly { readonly relation: string; readonly optional: boolean }[];
  readonly params: readonly SqlParam[];
  readonly columns: readonly SqlColumn[];
}

const CONTINUATION = /^--\s{10,}(?!@)\S/;
const TAG = /^@(\w+)\s+(.+)$/;
const TABLE = /^(\w+)(\?)?:\s*(.+)$/;
const VENDOR_COLUMN = /^(?:"(\w+)"|(\w+))(\?)?$/;
const RELATION = /^(\w+)(\?)?$/;
const COLUMN = /^(\w+)\s+(integer|int32|real|text)(\?)?\s+(.+)$/;
const PARAM = /^(\w+)\s+(integer|real|text)\s*=\s*('[^']*'|-?\d+(?:\.\d+)?)\s+(.+)$/;

/** Reads the comment lines at the top of a query; `file` is only named in errors. A header it cannot read is an error, never skipped. */
export function parseSqlHeader(file: string, sql: string): SqlHeader {
  const prose: string[] = [];
  const from: VendorTable[] = [];
  const reads: SqlHeader['reads'][number][] = [];
  const params: SqlParam[] = [];
  const columns: SqlColumn[] = [];

  for (const { line, text } of entriesOf(sql)) {
    const fail = (why: string): never => {
      throw new Error(`${file}:${line}: ${why}: ${text}`);
    };
    const match = (pattern: RegExp, s: string): readonly (string | undefined)[] => pattern.exec(s.trim()) ?? fail('unreadable header');
    if (!text.startsWith('@')) {
      if (from.length + reads.length + params.length + columns.length > 0 && text !== '') fail('prose after the tags');
      prose.push(text);
      continue;
    }
    const [, tag = '', rest = ''] = match(TAG, text);
    if (tag === 'from') {
      const [, table = '', mark, list = ''] = match(TABLE, rest);
      const vendorColumns = list.split(',').map(c => {
        const [, quoted, plain = '', optional] = match(VENDOR_COLUMN, c);
        return { name: quoted ?? plain, optional: optional === '?' };
      });
      from.push({ table, optional: mark === '?', columns: vendorColumns });
    } else if (tag === 'reads') {
      for (const item of rest.split(',')) {
        const [, relation = '', mark] = match(RELATION, item);
        reads.push({ relation, optional: mark === '?' });
      }
    } else if (tag === 'param') {
      const [, name = '', type = '', value = '', doc = ''] = match(PARAM, rest);
      params.push({ name, type: type as SqlType, default: defaultOf(type, value) ?? fail('default of the wrong type'), doc });
    } else if (tag === 'column') {
      const [, name = '', type = '', mark, doc = ''] = match(COLUMN, rest);
      if (columns.some(c => c.name === name)) fail('column named twice');
      columns.push({ name, type: type as SqlType, nullable: mark === '?', doc });
    } else fail('unknown tag');
  }

  const [summary = '', ...paragraphs] = prose;
  if (summary === '') throw new Error(`${file}:1: the first line must say in one sentence what the query answers`);
  if (columns.length === 0) throw new Error(`${file}:1: no @column: every column must be declared`);
  return { summary, doc: paragraphs.join('\n').trim(), from, reads, params, columns };
}

/** The header's lines with their numbers, continuation lines joined to the tag they continue. */
function entriesOf(sql: string): { line: number; text: string }[] {
  const entries: { line: number; text: string }[] = [];
  for (const [i, raw] of sql.split('\n').entries()) {
    if (!raw.startsWith('--')) break;
    const text = raw.slice(2).trim();
    const last = entries.at(-1);
    if (last?.text.startsWith('@') && CONTINUATION.test(raw)) last.text += ` ${text}`;
    else entries.push({ line: i + 1, text });
  }
  return entries;
}

function defaultOf(type: string, value: string): number | string | undefined {
  const quoted = value.startsWith("'");
  if (type === 'text') return quoted ? value.slice(1, -1) : undefined;
  if (quoted || (type === 'integer' && !Number.isSafeInteger(Number(value)))) return undefined;
  return Number(value);
}
