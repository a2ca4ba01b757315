// Format: man 1 sar (https://sysstat.github.io/), text; seen: sysstat 10 to 12, activities -u -d -r -w -W -B -b -q (and -q ALL), in the C and
// US locale, or with S_TIME_FORMAT=ISO.

import { AVERAGE_CPU } from '#input/formats/shared/cpu-rates';
import { DISK_LIMIT } from '#input/formats/shared/disk-rates';
import { isActivity, type Moment, ratesOf, statesOf } from '#input/formats/shared/sar-activities';
import { headerIn, readSysstat, type SysstatRow } from '#input/formats/shared/sysstat-text';
import { type HostReading, hostSeries } from '#input/series/host-series';
import { notRead } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { decimal } from '#input/text/decimal';
import { WarningCounter } from '#input/text/warning-counter';
import type { HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'sar-text';
/** Headings that name what a line is of; all other activities are of the machine as a whole. */
const NAMES = /^(?:CPU|DEV|IFACE|TTY|INTR|BUS|FILESYSTEM|MOUNTPOINT|FAN|TEMP|IN|LCPU|CH|node|FSTYPE)$/;

const isSar = (columns: readonly string[] | undefined): boolean => {
  if (columns === undefined || columns.includes('PID') || columns.includes('TGID')) return false;
  if (columns[0] === 'CPU') return columns.includes('%user') || columns.indexOf('%steal') === columns.indexOf('%iowait') + 1;
  return columns[0] === 'DEV' || columns.some(isActivity) || (columns[0] === 'IFACE' && columns.includes('rxkB/s'));
};

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'sar (text)',
  extensions: ['.txt', '.log'],
  columns: ['CPU', '%user', '%nice', '%system', '%iowait', '%steal', '%idle'],
  sniff: head => head.split(/\r?\n/, 50).some(line => isSar(headerIn(line))),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const { rows, cpus, when } = readSysstat(text, source, counter);
    const moments = new Map<bigint, Moment>();
    const unread = new Set<string>();
    for (const row of rows) addRow(row, moments, unread, source);
    const readings = [...moments.values()].map((moment): HostReading => {
      const { line, ns, seconds } = moment;
      return { line, text: String(ns), ns, seconds, rates: ratesOf(moment, cpus ?? 1), states: statesOf(moment) };
    });
    const limits = [DISK_LIMIT, ...(cpus === undefined ? [AVERAGE_CPU] : []), ...notRead(unread)];
    return hostSeries(readings, { format: ID, source, when, limits, counter });
  },
});

const addRow = (row: SysstatRow, moments: Map<bigint, Moment>, unread: Set<string>, source: string): void => {
  const { line, ns, since, columns, cells } = row;
  const [kind = ''] = columns;
  const named = NAMES.test(kind);
  if (named && kind !== 'DEV' && !(kind === 'CPU' && cells[0] === 'all' && isSar(columns))) {
    if (kind !== 'CPU') unread.add(`lines of ${kind}`);
    return;
  }
  if (!named) for (const column of columns) if (!isActivity(column)) unread.add(column);
  const moment = moments.get(ns) ?? { line, ns, seconds: Number(ns - since) / 1e9, cpu: {}, disks: new Map(), others: {} };
  moments.set(ns, moment);
  const amounts = Object.fromEntries(
    columns.flatMap((column, i): (readonly [string, number])[] => {
      if (named && i === 0) return [];
      const value = decimal(cells[i] ?? '');
      if (value === undefined || value < 0)
        throw badRecord({ source, line, field: column }, `${quote(cells[i])} is not an amount`, 'Mend or delete this line.');
      return [[column, value]];
    }),
  );
  if (kind === 'CPU') moment.cpu = amounts;
  else if (kind === 'DEV') moment.disks.set(cells[0] ?? '', amounts);
  else moment.others = { ...moment.others, ...amounts };
};
