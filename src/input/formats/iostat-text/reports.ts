import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { parseLocalTimestamp } from '#input/time/local-timestamp';
import type { Timestamp } from '#input/time/timestamp';

/** What iostat prints for one time. */
export interface Report {
  readonly line: number;
  readonly stamp: Timestamp;
  cpu: Readonly<Record<string, number>>;
  readonly disks: Map<string, Readonly<Record<string, number>>>;
}

const BANNER = /^(?:Linux|FreeBSD) .*\((\d{1,6}) CPU\)\s*$/;
const MEND = 'Mend or delete this line.';
const NO_TIMES = 'Record again with -t, and with S_TIME_FORMAT=ISO in the environment: iostat -x -t -y 1.';

const cellsOf = (line: string): string[] => line.trim().split(/\s+/);

/**
 * The reports of a recording. A last one that lacks something that the one before it had may be cut off, and is left out.
 * @throws ForensicsError 'bad-record' for a line that is none of a report's, and for a recording without times
 */
export const readReports = (
  text: Text,
  source: string,
  counter: WarningCounter,
): { readonly reports: readonly Report[]; readonly cpus: number | undefined } => {
  const reports: Report[] = [];
  let cpus: number | undefined;
  let under: readonly string[] = [];
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    const banner = BANNER.exec(raw);
    const stamp = parseLocalTimestamp(raw.trim());
    const cells = cellsOf(raw);
    if (banner !== null) cpus = Number(banner[1]);
    else if (stamp !== undefined) reports.push({ line, stamp, cpu: {}, disks: new Map() });
    else if (/^(?:avg-cpu:|Device:?)$/.test(cells[0] ?? '')) under = cells;
    else if (under.length === 0) counter.note('text before the first report was left out', line, quote(raw));
    else {
      const report = reports.at(-1);
      if (report === undefined) throw badRecord({ source, line }, 'the samples carry no times, so none can be placed', NO_TIMES);
      addLine(report, under, cells, { source, line });
    }
    if (stamp !== undefined) under = [];
  }
  return { reports: withoutCutEnd(reports, counter), cpus };
};

const addLine = (report: Report, under: readonly string[], cells: readonly string[], place: { source: string; line: number }): void => {
  const isCpu = under[0] === 'avg-cpu:';
  const values = isCpu ? cells : cells.slice(1);
  if (values.length !== under.length - 1)
    throw badRecord(place, `the line has ${values.length} values, but its header has ${under.length - 1}`, MEND);
  const columns = Object.fromEntries(
    values.map((cell, i) => {
      const value = amount(cell);
      const field = under[i + 1] ?? '';
      if (value === undefined) throw badRecord({ ...place, field }, `${quote(cell)} is not an amount`, MEND);
      return [field, value];
    }),
  );
  if (isCpu) report.cpu = columns;
  else report.disks.set(cells[0] ?? '', columns);
};

const withoutCutEnd = (reports: readonly Report[], counter: WarningCounter): readonly Report[] => {
  const [before, last] = reports.slice(-2);
  if (before === undefined || last === undefined) return reports;
  const lacks =
    [...before.disks.keys()].some(disk => !last.disks.has(disk)) || Object.keys(last.cpu).length < Object.keys(before.cpu).length;
  if (!lacks) return reports;
  counter.note('the file ends in the middle of this report, which was left out', last.line);
  return reports.slice(0, -1);
};
