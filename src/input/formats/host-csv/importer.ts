// Format: our own sampler, workloads/hostmon.py, of /proc/{stat,diskstats,vmstat,meminfo} (man 5 proc) and /proc/pressure
// (https://docs.kernel.org/accounting/psi.html).

import { missingValues } from '#input/series/missing';
import { inOrder } from '#input/series/sampled';
import { badRecord } from '#input/text/bad-record';
import { firstLines, readTable, splitCells } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import { clockOf, mistakenUnit, msSince, RELATIVE_LIMIT } from '#input/time/nanoseconds';
import { median, samplingLimit, steps } from '#input/time/sampling';
import type { HostSampleRow, HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { COUNTERS, fieldOf, HOST_FIELDS, TIME } from './columns.ts';
import { type HostSample, readSamples } from './sample.ts';

const ID = 'host-csv';

/** A time and one counter make a header; without a time it takes three, so that the lack can be named. */
const isHeader = (cells: readonly string[]): boolean => {
  const known = cells.filter(cell => fieldOf(cell) !== undefined).length;
  return known >= (cells.includes(TIME) ? 1 : 3);
};

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'host counters (CSV)',
  extensions: ['.csv'],
  columns: ['time_ns', 'cpu_user', 'cpu_system', 'cpu_idle', 'ctxt'],
  sniff: head => firstLines(head).some(line => isHeader(splitCells(line))),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const table = readTable(text, source, { title: 'the host sampler', isHeader, isWhole: () => false, restarts: true }, counter);
    const samples = inOrder(readSamples(table, source, counter), counter);
    const [first] = samples;
    if (first === undefined) throw badRecord({ source }, 'the file holds no complete sample', 'Let the sampler run for longer.');
    for (const { ns, row } of samples) row.t_ms = msSince(first.ns, ns);
    const rows = samples.map(sample => sample.row);
    const interval = median(steps(rows.map(row => row.t_ms)));
    checkUnit(first, interval, source);
    noteRestarts(samples, counter);
    const clock = clockOf(first.ns);
    return {
      kind: 'host',
      format: ID,
      clock,
      origin_ns: first.ns,
      rows,
      limits: [...(clock.kind === 'relative' ? [RELATIVE_LIMIT] : []), samplingLimit(interval), ...missingFields(rows)],
      warnings: [...counter.sentences(), ...missingValues(rows, HOST_FIELDS)],
    };
  },
});

const checkUnit = ({ ns, line }: HostSample, intervalMs: number | undefined, source: string): void => {
  const unit = mistakenUnit(ns, (intervalMs ?? 0) * 1e6);
  if (unit === undefined) return;
  throw badRecord({ source, line, field: TIME }, `${ns} looks like ${unit} since 1970, not nanoseconds`, 'Write nanoseconds since 1970.');
};

/** Counters that fall betray a restart of the machine, or a file put together from two machines. */
const noteRestarts = (samples: readonly HostSample[], counter: WarningCounter): void => {
  let before: HostSampleRow | undefined;
  for (const { line, row } of samples) {
    const last = before;
    const fallen = COUNTERS.filter(field => (row[field] ?? Number.POSITIVE_INFINITY) < (last?.[field] ?? Number.NEGATIVE_INFINITY));
    if (fallen.length > 0) counter.note('counters run backwards, as after a restart of the machine', line, fallen.join(', '));
    before = row;
  }
};

const missingFields = (rows: readonly HostSampleRow[]): string[] => {
  const missing = HOST_FIELDS.filter(field => rows.every(row => row[field] === null));
  return missing.length === 0 ? [] : [`Not recorded: ${missing.join(', ')}.`];
};
