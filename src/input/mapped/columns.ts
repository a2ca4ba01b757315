import { ForensicsError } from '#core/errors';

/** What a column of a table of requests may be mapped to. */
export const FIELDS = [
  'id',
  'intended',
  'start',
  'scheduled',
  'first_token',
  'end',
  'duration',
  'ttft',
  'prompt_tokens',
  'output_tokens',
  'status',
] as const;
export type Field = (typeof FIELDS)[number];

/** Units that a column may be said to be in. */
export const UNITS = ['ns', 'us', 'ms', 's'] as const;
export type Unit = (typeof UNITS)[number];

/** A column of a table, and the unit that the user says it is in. */
export interface MappedColumn {
  readonly column: string;
  readonly unit: Unit | undefined;
}
export type ColumnMap = ReadonlyMap<Field, MappedColumn>;

const EXAMPLE = 'Give FIELD=COLUMN, and the unit where it is not plain, as in start=ts:ms,end=done:ms,output_tokens=n';
const FIELDS_HINT = `${EXAMPLE}; fields: ${FIELDS.join(', ')}.`;
const bad = (what: string) => new ForensicsError('bad-argument', what, FIELDS_HINT);

const isField = (text: string): text is Field => (FIELDS as readonly string[]).includes(text);
const isUnit = (text: string): text is Unit => (UNITS as readonly string[]).includes(text);

/** A column may have a colon in its name: only a unit after the last one is taken off. */
function columnOf(text: string): MappedColumn {
  const at = text.lastIndexOf(':');
  const unit = text.slice(at + 1);
  return at > 0 && isUnit(unit) ? { column: text.slice(0, at), unit } : { column: text, unit: undefined };
}

/**
 * Reads `start=ts:ms,end=done:ms,output_tokens=n`.
 * @throws ForensicsError bad-argument
 */
export function parseColumns(text: string): ColumnMap {
  const map = new Map<Field, MappedColumn>();
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const [field, column] = [part.slice(0, Math.max(at, 0)).trim(), part.slice(at + 1).trim()];
    if (at < 0 || column === '') throw bad(`--columns ${part.trim() === '' ? 'has an empty part' : `${part.trim()} names no column`}`);
    if (!isField(field)) throw bad(`--columns maps to ${field}, which is no field of a request`);
    if (map.has(field)) throw bad(`--columns maps ${field} twice`);
    map.set(field, columnOf(column));
  }
  if (!map.has('start')) throw bad('--columns does not say which column holds the start of a request');
  if (!map.has('end') && !map.has('duration')) throw bad('--columns says neither which column holds the end nor which the duration');
  return map;
}
