// Format: man 8 turbostat (Linux, tools/power/x86/turbostat); seen: versions 2017 to 2025, with blanks or tabs, with --Summary or without. The
// line of the whole machine is read.

import { type Reading, sampleSeries } from '#input/series/sample-series';
import { notRead } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { decimal } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { nsOfSeconds } from '#input/time/nanoseconds';
import type { SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'turbostat';
const TIME = 'Time_Of_Day_Seconds';
const HINT = `Record again with the time of day: turbostat --enable ${TIME} --interval 1.`;
const MEND = 'Mend or delete this line.';
/** Columns that are read, of the whole machine. Each is an average over the interval but the temperatures. */
const COLUMNS: Readonly<Record<string, string>> = {
  Avg_MHz: 'MHz',
  'Busy%': '%',
  Bzy_MHz: 'MHz',
  TSC_MHz: 'MHz',
  CoreTmp: 'C',
  PkgTmp: 'C',
  PkgWatt: 'W',
  CorWatt: 'W',
  GFXWatt: 'W',
  RAMWatt: 'W',
};
/** Columns that say which CPU a line is of: dashes in the line of all of them. */
const PLACE = new Set(['Package', 'Node', 'Die', 'Core', 'CPU', 'APIC', 'X2APIC']);
const LIMITS = [
  'Averages run over the time since the sample before; of the first it is not told how long that was.',
  'Lines of single CPUs are not read: only that of the whole machine. PkgWatt is of all packages, without fans, disks and GPUs.',
];

const split = (line: string): string[] =>
  line
    .replace(/^\ufeff/, '')
    .trim()
    .split(/\s+/);
const isHeader = (cells: readonly string[]): boolean => cells.includes('Busy%') && cells.includes('Bzy_MHz');

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'turbostat (text)',
  extensions: ['.txt', '.log'],
  columns: [TIME, 'Core', 'CPU', 'Avg_MHz', 'Busy%', 'Bzy_MHz', 'TSC_MHz', 'PkgTmp', 'PkgWatt', 'RAMWatt'],
  sniff: head => head.split(/\r?\n/, 200).some(line => isHeader(split(line))),
  parse: (text, source): SampleSeries => {
    const counter = new WarningCounter();
    const { readings, unread } = readSamples(text, source, counter);
    const limits = [...LIMITS, ...notRead(unread)];
    return sampleSeries(readings, { format: ID, source, when: { kind: 'zoned', resolution_ms: 1 }, limits, counter, hint: HINT });
  },
});

const readSamples = (text: Text, source: string, counter: WarningCounter): { readings: Reading[]; unread: ReadonlySet<string> } => {
  const readings: Reading[] = [];
  const unread = new Set<string>();
  let columns: readonly string[] | undefined;
  let before: bigint | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    const cells = split(raw);
    if (isHeader(cells)) {
      columns = cells;
      if (!cells.includes(TIME)) throw badRecord({ source, line }, 'the samples carry no times, so none can be placed', HINT);
      for (const name of cells) if (name !== TIME && name !== 'usec' && !PLACE.has(name) && !Object.hasOwn(COLUMNS, name)) unread.add(name);
      continue;
    }
    // What turbostat says of the processor stands before the first header.
    if (columns === undefined) continue;
    const isWhole = columns.every((name, i) => !PLACE.has(name) || cells[i] === '-');
    // In the line of all CPUs nothing else is a dash: where one stands alone, a cell is missing.
    if (!isWhole && cells.includes('-')) throw badRecord({ source, line }, `${quote(raw)} does not fit its header`, MEND);
    if (!isWhole) continue;
    if (cells.length !== columns.length)
      throw badRecord({ source, line }, `the line has ${cells.length} values, but its header has ${columns.length}`, MEND);
    const seconds = decimal(cells[columns.indexOf(TIME)] ?? '');
    if (seconds === undefined || seconds < 1e9 || seconds > 4e9)
      throw badRecord({ source, line, field: TIME }, `${quote(cells[columns.indexOf(TIME)])} is not a time since 1970`, MEND);
    const ns = nsOfSeconds(seconds);
    const window_ms = before === undefined || ns <= before ? null : Number(ns - before) / 1e6;
    readings.push(...readingsOf(columns, cells, { source, line, ns, window_ms }));
    before = ns;
  }
  return { readings, unread };
};

interface At {
  readonly source: string;
  readonly line: number;
  readonly ns: bigint;
  readonly window_ms: number | null;
}

const readingsOf = (columns: readonly string[], cells: readonly string[], { source, line, ns, window_ms }: At): Reading[] =>
  columns.flatMap((metric, i): Reading[] => {
    const unit = Object.hasOwn(COLUMNS, metric) ? COLUMNS[metric] : undefined;
    const cell = cells[i] ?? '';
    if (unit === undefined || cell === '-') return [];
    const value = decimal(cell);
    if (value === undefined || value < 0) throw badRecord({ source, line, field: metric }, `${quote(cell)} is not an amount`, MEND);
    const isGauge = unit === 'C';
    return [
      {
        line,
        ns,
        row: { entity: 'CPU', metric, unit, value, nature: isGauge ? 'gauge' : 'average', window_ms: isGauge ? null : window_ms },
      },
    ];
  });
