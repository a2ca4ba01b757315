import type { Columns, Moment } from '#input/formats/shared/sar-activities';
import { badRecord, quote } from '#input/text/bad-record';
import { decimal } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { parseTimestamp, type Timestamp } from '#input/time/timestamp';

interface Moments {
  /** In order of time. */
  readonly moments: readonly Moment[];
  readonly cpus: number | undefined;
  readonly zoned: boolean;
}

const HEADER = /^# ?hostname;interval;timestamp/;
const MEND = 'Mend or delete this line.';
/** Before the columns of an activity: hostname, interval, timestamp. */
const COMMON = 3;

/** @throws ForensicsError 'bad-record' for a line that does not fit its header */
export const readMoments = (text: Text, source: string, counter: WarningCounter): Moments => {
  const moments = new Map<bigint, Moment>();
  const single = new Set<number>();
  let columns: readonly string[] | undefined;
  let restarted: number | undefined;
  let first: Timestamp | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    const cells = raw.split(';').map(cell => cell.trim());
    if (raw.startsWith('#')) {
      if (HEADER.test(raw)) columns = cells.slice(COMMON);
      continue;
    }
    if (columns === undefined) throw badRecord({ source, line }, 'the line stands before the first header', 'Give what sadf -d wrote.');
    if (cells[1] === '-1') {
      restarted = Number(/\((\d{1,6}) CPU\)/.exec(raw)?.[1] ?? restarted);
      counter.note('a restart or a comment was left out', line);
      continue;
    }
    if (cells.length !== columns.length + COMMON)
      throw badRecord({ source, line }, `the line has ${cells.length} fields, but its header has ${columns.length + COMMON}`, MEND);
    const stamp = stampOf(cells[2] ?? '', source, line);
    first ??= stamp;
    if (stamp.zoned !== first.zoned) throw badRecord({ source, line }, 'this time has a zone and others have none, or the reverse', MEND);
    const seconds = decimal(cells[1] ?? '');
    if (seconds === undefined || seconds < 0 || seconds > 1e7)
      throw badRecord({ source, line, field: 'interval' }, `${quote(cells[1])} is no number of seconds`, MEND);
    const moment = moments.get(stamp.ns) ?? { line, ns: stamp.ns, seconds, cpu: {}, disks: new Map<string, Columns>(), others: {} };
    moments.set(stamp.ns, moment);
    const cpu = fill(moment, columns, cells.slice(COMMON), { source, line });
    if (cpu !== undefined && cpu >= 0) single.add(cpu);
  }
  const cpus = single.size > 0 ? single.size : restarted;
  return { moments: [...moments.values()].sort((a, b) => (a.ns < b.ns ? -1 : 1)), cpus, zoned: first?.zoned === true };
};

const stampOf = (cell: string, source: string, line: number): Timestamp => {
  // Names of zones other than UTC are not unique: such a time is one without a zone.
  const stamp = parseTimestamp(cell) ?? parseTimestamp(cell.replace(/ [A-Z]{2,5}$/, ''));
  if (stamp === undefined) throw badRecord({ source, line, field: 'timestamp' }, `${quote(cell)} is not a time`, MEND);
  return stamp;
};

/** Puts the columns of a line where they belong; the number of the CPU if it is of one. */
const fill = (
  moment: Moment,
  names: readonly string[],
  cells: readonly string[],
  place: { source: string; line: number },
): number | undefined => {
  const [kind] = names;
  const named = kind === 'CPU' || kind === 'DEV';
  const columns: Record<string, number> = {};
  for (const [i, name] of names.entries()) {
    const cell = cells[i] ?? '';
    if ((named && i === 0) || cell === '' || !/^[-+.\d]/.test(cell)) continue;
    const value = decimal(cell);
    if (value === undefined || value < 0) throw badRecord({ ...place, field: name }, `${quote(cell)} is not an amount`, MEND);
    columns[name] = value;
  }
  const [name = ''] = cells;
  if (kind === 'DEV') moment.disks.set(name, columns);
  else if (kind !== 'CPU') moment.others = { ...moment.others, ...columns };
  else if (name === '-1' || name === 'all') moment.cpu = columns;
  else return /^\d{1,6}$/.test(name) ? Number(name) : undefined;
  return undefined;
};
