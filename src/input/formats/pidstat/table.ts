import { isoDate, isoTime } from '#input/time/local-timestamp';
import { parseTimestamp } from '#input/time/timestamp';

/** The first line of a recording, with its date. */
export const BANNER = /^\ufeff?Linux \S{1,200} \([^)]{0,200}\)\s{1,9}(\d{1,2}\/\d{1,2}\/\d{2,4}|\d{4}-\d{2}-\d{2})\s/;
const TIMED = /^#?\s{0,9}(Time|\d{1,2}:\d{2}:\d{2}(?: [AP]M)?|\d{10})\s{1,20}(\S.*)$/;

const split = (text: string): string[] => text.trim().split(/\s+/);

/** The names after the time, from a header with -h ("# Time UID PID …") or without ("01:30:21 UID PID …"). */
export const readColumns = (line: string): readonly string[] | undefined => {
  const [, , rest] = TIMED.exec(line.slice(0, 2000).trimEnd()) ?? [];
  const names = rest === undefined ? [] : split(rest);
  return (names.includes('PID') || names.includes('TGID')) && names.at(-1) === 'Command' ? names : undefined;
};

/** The time of a line, and what follows it; undefined for a line without one. A time of day needs the date of the banner. */
export const readTime = (
  line: string,
  date: string | undefined,
): { readonly kind: 'zoned' | 'zoneless' | 'dateless'; readonly ns: bigint; readonly rest: string } | undefined => {
  const [, time = '', rest] = TIMED.exec(line.trimEnd()) ?? [];
  if (rest === undefined || time === 'Time') return undefined;
  const day = isoDate(date ?? '');
  const stamp = parseTimestamp(time) ?? parseTimestamp(`${day ?? '1970-01-01'} ${isoTime(time)}`);
  if (stamp === undefined) return undefined;
  return { kind: stamp.zoned ? 'zoned' : day === undefined ? 'dateless' : 'zoneless', ns: stamp.ns, rest };
};

/**
 * The name of a command: its first word, since arguments may hold anything, and of a path its last part (-l prints whole command lines).
 * What does not begin as a path does keeps its slashes: kernel threads have them (ksoftirqd/0, kworker/u256:2).
 */
const commandName = (cell: string): string => {
  const name = cell.replace(/^\|__/, '');
  return /^\.{0,2}\//.test(name) ? name.replace(/^.*\/(?=[^/])/, '') : name;
};

/** The cells of a line under their headings; undefined where there are too few. */
export const cellsUnder = (columns: readonly string[], rest: string): ReadonlyMap<string, string> | undefined => {
  const cells = split(rest);
  if (cells.length < columns.length) return undefined;
  const last = columns.length - 1;
  return new Map(columns.map((name, i) => [name, i === last ? commandName(cells[i] ?? '') : (cells[i] ?? '')]));
};
