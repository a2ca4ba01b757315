// Format: spl.txt of the MLPerf power client (https://github.com/mlcommons/power-dev): what SPEC PTDaemon reads from the power analyser,
// one line a second, as names and values in turn. Total power and that of each channel are read; volts, amperes and power factors are not.

import { type Reading, sampleSeries } from '#input/series/sample-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { localTime } from '#input/time/local-time';
import type { SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'mlperf-spl';
const START = /^\ufeff?\s*Time,\d\d-\d\d-\d{4} \d\d:\d\d:\d\d(?:\.\d+)?,Watts,/;
const CHANNEL = /^Ch\d{1,3}$/;
const HINT = 'Give spl.txt as the power client wrote it; mend or delete this line.';
/** Times are written to the millisecond. */
const RESOLUTION_MS = 1;

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'MLPerf wall power (spl.txt)',
  extensions: ['.txt'],
  sniff: head => START.test(head),
  parse: (text, source): SampleSeries => {
    const counter = new WarningCounter();
    const readings: Reading[] = [];
    for (const { number: line, text: row } of wholeLines(text, source, counter)) readings.push(...readRow(row, { source, line }));
    return sampleSeries(readings, {
      format: ID,
      source,
      when: { kind: 'zoneless', resolution_ms: RESOLUTION_MS },
      limits: [
        'The times are those of the machine with the analyser; the power client logs its difference to the machine under test.',
        'The file also holds the time before and after the run: mean power is only that of the run between power_begin and power_end of mlperf_log_detail.txt.',
        'Power is an average of the analyser from one line to the next, and that of the whole machine, not of its GPUs.',
      ],
      counter,
      hint: HINT,
    });
  },
});

/** The power of the whole, and of each channel: "Time,…,Watts,…,…,Ch1,Watts,…". */
const readRow = (row: string, at: { source: string; line: number }): Reading[] => {
  const cells = row.split(',').map(cell => cell.trim());
  const time = cells[0] === 'Time' ? localTime(cells[1] ?? '') : undefined;
  if (time === undefined) throw badRecord({ ...at, field: 'Time' }, `${quote(cells.slice(0, 2).join(','))} is not a time`, HINT);
  let entity = 'wall';
  return cells.flatMap((cell, i): Reading[] => {
    if (CHANNEL.test(cell)) entity = `wall channel ${cell.slice(2)}`;
    if (cell !== 'Watts') return [];
    const value = amount(cells[i + 1] ?? '');
    // An analyser that is out of range, or a channel that is off, is written as a negative number or as text.
    if (value === undefined) throw badRecord({ ...at, field: `${entity} Watts` }, `${quote(cells[i + 1] ?? '')} is not a power`, HINT);
    // A value is followed by a name: where another follows, a comma stands inside of a number.
    if (amount(cells[i + 2] ?? '') !== undefined)
      throw badRecord({ ...at, field: `${entity} Watts` }, `${quote(cells.slice(i + 1, i + 3).join(','))} is not a power`, HINT);
    return [{ line: at.line, ns: time.ns, row: { entity, metric: 'power', unit: 'W', value, nature: 'average', window_ms: null } }];
  });
};
