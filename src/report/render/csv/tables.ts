import type { Report } from '#schema/report';

export type Cell = string | number | boolean | null;
/** A table: what a column holds is a number, a word or nothing. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

type Fields = Readonly<Record<string, Cell>>;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCell = (value: unknown): value is Cell => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const isTable = (value: unknown): value is readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) && value.length > 0 && value.every(isRecord);

/** Words that stand in one cell are parted so. */
const BETWEEN = '; ';
/** Numbers of a pair in one cell, as the bounds of an interval. */
const textOf = (value: unknown): Cell =>
  isCell(value) ? value : Array.isArray(value) ? value.map(textOf).join(BETWEEN) : JSON.stringify(value);

/** The fields of a record; those of the records in it have its name before theirs. */
function fieldsOf(record: Readonly<Record<string, unknown>>, before = ''): Fields {
  const fields: Record<string, Cell> = {};
  for (const [key, value] of Object.entries(record)) {
    // An empty list would have been a table.
    if (isTable(value) || (Array.isArray(value) && value.length === 0)) continue;
    if (isRecord(value)) Object.assign(fields, fieldsOf(value, `${before}${key}.`));
    else fields[`${before}${key}`] = textOf(value);
  }
  return fields;
}

/** What names a row of a table to the tables inside it: its id where it has one, else its place, from 1. */
const keyOf = (record: Readonly<Record<string, unknown>>, place: number): Cell => (isCell(record['id']) ? record['id'] : place);

/** All lists of records in a value, each with its path; a row of an inner list names the row that it belongs to. */
function* listsOf(value: unknown, path: string, keys: Fields): Generator<{ readonly path: string; readonly fields: Fields }> {
  if (isTable(value)) {
    for (const [i, record] of value.entries()) {
      yield { path, fields: { ...keys, ...fieldsOf(record) } };
      for (const [key, inner] of Object.entries(record)) yield* listsOf(inner, `${path}.${key}`, { ...keys, [path]: keyOf(record, i + 1) });
    }
  } else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) yield* listsOf(inner, path === '' ? key : `${path}.${key}`, keys);
  }
}

/** Every list of records in a report, as a table with the name of its path: requests, incidents, incidents.causes and so on. */
export function tablesOf(report: Report): readonly Table[] {
  const lists = new Map<string, Fields[]>();
  for (const { path, fields } of listsOf(report, '', {})) {
    const list = lists.get(path);
    if (list === undefined) lists.set(path, [fields]);
    else list.push(fields);
  }
  return [...lists].map(([name, records]) => {
    const columns = [...new Set(records.flatMap(r => Object.keys(r)))];
    return { name, columns, rows: records.map(r => columns.map(c => r[c] ?? null)) };
  });
}
