import { badRecord, quote } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { isoDate, isoTime } from '#input/time/local-timestamp';
import { overMidnight } from '#input/time/over-midnight';
import type { When } from '#input/time/sample-clock';
import { parseTimestamp } from '#input/time/timestamp';

/** One line of what `nvidia-smi dmon` and `pmon` print. */
export interface TableLine {
  readonly line: number;
  readonly text: string;
  readonly ns: bigint;
  /** By the name of the column, in small letters; `-` is left out. */
  readonly cells: ReadonlyMap<string, string>;
}

const MEND = 'Mend or delete this line.';
const NO_TIMES = 'Record again with -o DT, which puts the date and the time before each line.';
const SECOND_MS = 1000;

/** Columns are set with blanks; --format csv puts commas between them, then in every line. */
const split = (line: string, commas: boolean): string[] =>
  line
    .split(commas ? /\s*,\s*/ : /\s+/)
    .map(cell => cell.trim())
    .filter(cell => cell !== '');

interface Columns {
  readonly names: readonly string[];
  readonly commas: boolean;
}

/** The columns, from the first of the two header lines; they differ with -s and with the driver. */
const columnsOf = (line: string): Columns | undefined => {
  const text = line.replace(/^\ufeff/, '').trimStart();
  if (!text.startsWith('#')) return undefined;
  const commas = text.includes(',');
  const names = split(text.slice(1), commas).map(name => name.toLowerCase());
  return names.includes('gpu') ? { names, commas } : undefined;
};

const SNIFFED_LINES = 50;

/**
 * The columns of a table of dmon or pmon in the first lines of a file; undefined where there is none. A comment that names a GPU is not
 * enough, since headings do as well: it must stand at the margin (Markdown quotes by indenting), and be followed by the units, whose
 * word for the number of a GPU is Idx, or, without units (--format nounit), by a sample with as many fields.
 */
export const tableIn = (head: string): readonly string[] | undefined => {
  const lines = head
    .replace(/^\ufeff/, '')
    .split('\n', SNIFFED_LINES)
    .filter(line => line.trim() !== '');
  for (const [i, line] of lines.entries()) {
    const columns = line.startsWith('#') ? columnsOf(line) : undefined;
    const next = lines[i + 1] ?? '';
    if (columns === undefined) continue;
    const under = split(next.replace(/^#/, ''), columns.commas)[columns.names.indexOf('gpu')] ?? '';
    if (next.startsWith('#') ? under.toLowerCase() === 'idx' : cellsOf(next, columns) !== undefined && /^\d{1,4}$/.test(under))
      return columns.names;
  }
  return undefined;
};

/**
 * The lines under the headers, which repeat every few lines, and may change.
 * @throws ForensicsError 'bad-record' for a line that does not fit its header, and for a file without times
 */
export const readTableLines = (
  text: Text,
  source: string,
  counter: WarningCounter,
): { readonly when: When; readonly rows: TableLine[] } => {
  const rows: TableLine[] = [];
  const rising = overMidnight();
  let columns: Columns | undefined;
  let dated = true;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    columns = columnsOf(raw) ?? columns;
    if (raw.trimStart().startsWith('#')) continue;
    if (columns === undefined || !/^[\s\d]/.test(raw)) {
      counter.note('a message instead of a sample was left out', line, quote(raw));
      continue;
    }
    if (!columns.names.includes('time')) throw badRecord({ source, line }, 'the samples carry no times, so none can be placed', NO_TIMES);
    const cells = cellsOf(raw, columns);
    if (cells === undefined) {
      const what = `the line does not have the ${columns.names.length} fields that its header names`;
      throw badRecord({ source, line }, what, MEND);
    }
    const date = cells.get('date');
    if (rows.length > 0 && dated !== (date !== undefined))
      throw badRecord({ source, line }, 'some lines have a date and others have none', MEND);
    dated = date !== undefined;
    const stamp = parseTimestamp(`${date === undefined ? '1970-01-01' : isoDate(date)} ${isoTime(cells.get('time') ?? '')}`);
    if (stamp === undefined) throw badRecord({ source, line, field: 'time' }, `${quote(cells.get('time'))} is not a time`, MEND);
    rows.push({ line, text: raw, ns: dated ? stamp.ns : rising(stamp.ns), cells });
  }
  return { when: { kind: dated ? 'zoneless' : 'dateless', resolution_ms: SECOND_MS }, rows };
};

/** A last column of names may hold blanks; no other does. */
const cellsOf = (raw: string, { names, commas }: Columns): ReadonlyMap<string, string> | undefined => {
  const cells = split(raw, commas);
  const named = names.at(-1) === 'command';
  if (cells.length < names.length || (!named && cells.length > names.length)) return undefined;
  const all = named ? [...cells.slice(0, names.length - 1), cells.slice(names.length - 1).join(' ')] : cells;
  return new Map(names.flatMap((name, i) => (all[i] === undefined || all[i] === '-' ? [] : [[name, all[i]] as const])));
};

const LARGEST_INDEX = 9999;

/** @throws ForensicsError 'bad-record' for what is not the number of a GPU */
export const gpuOf = ({ cells, line }: TableLine, source: string): number => {
  const cell = cells.get('gpu') ?? '';
  if (/^\d{1,4}$/.test(cell) && Number(cell) <= LARGEST_INDEX) return Number(cell);
  throw badRecord({ source, line, field: 'gpu' }, `${quote(cell)} is not the number of a GPU`, MEND);
};
