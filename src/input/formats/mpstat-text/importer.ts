// Format: man 1 mpstat (https://sysstat.github.io/), text; seen: sysstat 10 to 12. The line of all CPUs is read.

import { AVERAGE_CPU, cpuRates } from '#input/formats/shared/cpu-rates';
import { headerIn, readSysstat, type SysstatRow } from '#input/formats/shared/sysstat-text';
import { FIRST_IS_A_START, type HostReading, hostSeries } from '#input/series/host-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import { WarningCounter } from '#input/text/warning-counter';
import type { HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'mpstat-text';
const ONE_CPU = 'Lines of single CPUs, or of NUMA nodes, are not read: only that of all of them.';

/** sar -u ALL has the same columns in another order: steal before irq. */
const isHeader = (columns: readonly string[] | undefined): boolean =>
  columns?.[0] === 'CPU' && columns.includes('%usr') && columns.indexOf('%irq') === columns.indexOf('%iowait') + 1;

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'mpstat (text)',
  extensions: ['.txt', '.log'],
  columns: ['CPU', '%usr', '%nice', '%sys', '%iowait', '%irq', '%soft', '%steal', '%guest', '%idle'],
  sniff: head => head.split(/\r?\n/, 50).some(line => isHeader(headerIn(line))),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const { rows, cpus, when } = readSysstat(text, source, counter);
    const all = rows.filter(({ columns, cells }) => isHeader(columns) && cells[0] === 'all');
    const readings = all.map(row => toReading(row, cpus ?? 1, source));
    const sinceBoot = all.some(({ ns, since }) => ns === since);
    const limits = [
      ...(cpus === undefined ? [AVERAGE_CPU] : []),
      ...(sinceBoot ? [FIRST_IS_A_START] : []),
      ...(all.length < rows.length ? [ONE_CPU] : []),
    ];
    return hostSeries(readings, { format: ID, source, when, limits, counter });
  },
});

const toReading = ({ line, ns, since, columns, cells }: SysstatRow, cpus: number, source: string): HostReading => {
  const shares = columns.slice(1).map((column, i): readonly [string, number] => {
    const value = amount(cells[i + 1] ?? '');
    if (value === undefined)
      throw badRecord({ source, line, field: column }, `${quote(cells[i + 1])} is not an amount`, 'Mend or delete this line.');
    return [column, value];
  });
  const length = ns === since ? {} : { seconds: Number(ns - since) / 1e9 };
  return { line, text: String(ns), ns, ...length, rates: cpuRates(Object.fromEntries(shares), cpus), states: {} };
};
