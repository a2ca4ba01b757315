import { badRecord, quote } from '#input/text/bad-record';
import type { Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { isoDate, isoTime } from '#input/time/local-timestamp';
import type { ExactNs } from '#input/time/nanoseconds';
import { overMidnight } from '#input/time/over-midnight';
import type { When } from '#input/time/sample-clock';
import { parseTimestamp } from '#input/time/timestamp';

const BANNER = /^\ufeff?(?:Linux|SunOS|FreeBSD) \S{1,200} \([^)]{0,200}\)\s{1,9}(\S{6,12})\s.*?(?:\((\d{1,6}) CPU\))?\s*$/;
const TIMED = /^\ufeff?(\d{1,2}:\d{2}:\d{2}(?: ?[AP]M)?)\s{1,30}(\S.*)$/;
/** Average: and what it is called in other languages stand at the end, without a time of day. */
const AVERAGE = /^[^\d\s][^\d:]{0,30}:\s/;
const RESTART = /LINUX RESTART/;
const MEND = 'Mend or delete this line.';

/** One line of values under its header. */
export interface SysstatRow {
  readonly line: number;
  readonly ns: ExactNs;
  /** When the time that it tells of began: the line before it, or the header, which carries the time before the first. */
  readonly since: ExactNs;
  readonly columns: readonly string[];
  readonly cells: readonly string[];
}

interface SysstatText {
  readonly rows: readonly SysstatRow[];
  readonly cpus: number | undefined;
  readonly when: When;
}

/** The names of a header after its time: words, where a line of values has numbers. */
export const headerIn = (line: string): readonly string[] | undefined => {
  const [, , rest] = TIMED.exec(line.slice(0, 2000).trimEnd()) ?? [];
  const cells = rest?.trim().split(/\s+/) ?? [];
  return cells.length > 1 && cells.every(cell => /^[A-Za-z%][\w%/+.-]*$/.test(cell)) && !cells.includes('Command') && !RESTART.test(line)
    ? cells
    : undefined;
};

/**
 * The lines that sar and mpstat print, in the order of the file. An activity of sar begins anew at the start of its day.
 * @throws ForensicsError 'bad-record' for a line that does not fit its header, and for one before the first
 */
export const readSysstat = (text: Text, source: string, counter: WarningCounter): SysstatText => {
  const rows: SysstatRow[] = [];
  let cpus: number | undefined;
  let date: string | undefined;
  let columns: readonly string[] | undefined;
  let rising = overMidnight();
  /** The time of the last line, and of the one before it that was another. */
  let [now, since]: [ExactNs | undefined, ExactNs | undefined] = [undefined, undefined];
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    const banner = BANNER.exec(raw);
    const [, time, rest = ''] = TIMED.exec(raw.trimEnd()) ?? [];
    const header = headerIn(raw);
    if (banner !== null) {
      date = isoDate(banner[1] ?? '');
      cpus = Number(banner[2] ?? Number.NaN) || cpus;
      // A report begins, with a day of its own.
      columns = undefined;
    }
    if (RESTART.test(raw)) counter.note('a restart was left out', line);
    if (banner !== null || AVERAGE.test(raw) || RESTART.test(raw)) continue;
    if (time === undefined) {
      counter.note('a message instead of a sample was left out', line, quote(raw));
      continue;
    }
    if (header !== undefined && header.join() !== columns?.join()) {
      columns = header;
      rising = overMidnight();
      [now, since] = [undefined, undefined];
    }
    const stamp = parseTimestamp(`${date ?? '1970-01-01'} ${isoTime(time)}`);
    if (stamp === undefined) throw badRecord({ source, line }, `${quote(time)} is not a time`, MEND);
    const ns = rising(stamp.ns);
    if (ns !== now) [since, now] = [now, ns];
    if (header !== undefined) continue;
    const cells = rest.split(/\s+/);
    if (columns === undefined) throw badRecord({ source, line }, 'the line stands before the first header', 'Give what the tool wrote.');
    if (cells.length !== columns.length)
      throw badRecord({ source, line }, `the line has ${cells.length} values, but its header has ${columns.length}`, MEND);
    rows.push({ line, ns, since: since ?? ns, columns, cells });
  }
  return { rows, cpus, when: { kind: date === undefined ? 'dateless' : 'zoneless', resolution_ms: 1000 } };
};
