// Format: man 1 pidstat (https://sysstat.github.io/), any of -u -r -d -w, with or without -h and -H; proved with sysstat 12.6.1.

import { type Reading, sampleSeries } from '#input/series/sample-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { overMidnight } from '#input/time/over-midnight';
import type { When } from '#input/time/sample-clock';
import type { SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { METRICS } from './metrics.ts';
import { BANNER, cellsUnder, readColumns, readTime } from './table.ts';

const ID = 'pidstat';
const MEND = 'Mend or delete this line.';
const HINT = 'Record some samples: pidstat -urdh -H 1.';

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'pidstat (text)',
  extensions: ['.txt', '.log'],
  sniff: head => head.split(/\r?\n/, 50).some(line => readColumns(line) !== undefined),
  parse: (text, source): SampleSeries => {
    const counter = new WarningCounter();
    const { readings, when } = readSamples(text, source, counter);
    const limits = [
      'Averages run over the time since the sample before; of the first it is not told how long that was.',
      'Processes that were idle in an interval have no line, and have no samples there.',
    ];
    return sampleSeries(readings, { format: ID, source, when, limits, counter, hint: HINT });
  },
});

const readSamples = (text: Text, source: string, counter: WarningCounter): { readonly readings: Reading[]; readonly when: When } => {
  const readings: Reading[] = [];
  const rising = overMidnight();
  let date: string | undefined;
  let columns: readonly string[] | undefined;
  let kind: When['kind'] | undefined;
  let now: bigint | undefined;
  let window: number | null = null;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    const header = readColumns(raw);
    date = BANNER.exec(raw)?.[1] ?? date;
    columns = header ?? columns;
    const time = readTime(raw, date);
    if (header !== undefined || time === undefined) {
      if (header === undefined && !BANNER.test(raw) && !raw.startsWith('Average:'))
        counter.note('a message instead of a sample was left out', line, quote(raw));
      continue;
    }
    if (columns === undefined) throw badRecord({ source, line }, 'the line stands before the first header', 'Give what pidstat wrote.');
    kind ??= time.kind;
    if (kind !== time.kind) throw badRecord({ source, line }, 'this time is written otherwise than the first', MEND);
    const ns = time.kind === 'zoned' ? time.ns : rising(time.ns);
    if (now !== undefined && ns !== now) window = ns > now ? Number(ns - now) / 1e6 : null;
    now = ns;
    const cells = cellsUnder(columns, time.rest);
    if (cells === undefined)
      throw badRecord({ source, line }, `the line does not have the ${columns.length + 1} fields that its header names`, MEND);
    readings.push(...readingsOf(cells, { source, line, ns, window }));
  }
  return { readings, when: { kind: kind ?? 'untimed', resolution_ms: 1000 } };
};

interface At {
  readonly source: string;
  readonly line: number;
  readonly ns: bigint;
  readonly window: number | null;
}

const readingsOf = (cells: ReadonlyMap<string, string>, { source, line, ns, window }: At): Reading[] => {
  // With -t the lines of threads have a dash for their process.
  const pid = cells.get('PID') ?? cells.get('TGID') ?? '-';
  if (pid === '-') return [];
  if (!/^\d{1,10}$/.test(pid)) throw badRecord({ source, line, field: 'PID' }, `${quote(pid)} is not a process`, MEND);
  const command = cells.get('Command');
  const entity = `pid ${pid}${command === undefined ? '' : ` (${command})`}`;
  return Object.entries(METRICS).flatMap(([metric, { unit, nature }]) => {
    const cell = cells.get(metric);
    // Where it may not look, pidstat writes -1.
    if (cell === undefined || /^-1(?:\.0+)?$/.test(cell)) return [];
    const value = amount(cell);
    if (value === undefined) throw badRecord({ source, line, field: metric }, `${quote(cell)} is not an amount`, MEND);
    return [{ line, ns, row: { entity, metric, unit, value, nature, window_ms: nature === 'average' ? window : null } }];
  });
};
