// Format: https://jmeter.apache.org/usermanual/listeners.html ("CSV log format"); seen: the default columns of JMeter 3 to 5.

import { type Hit, hitSeries, NO_SCHEDULE } from '#input/series/http-hits';
import { badRecord, quote } from '#input/text/bad-record';
import { firstLines, readTable, splitCells, type TableRow } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import { DAY_NS } from '#input/time/nanoseconds';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'jmeter-jtl';
const NEEDED = ['timeStamp', 'elapsed', 'label', 'success'];
const MEND = 'Mend or delete this line.';
const LIMITS = [
  NO_SCHEDULE,
  'timeStamp is taken as the start of a request, as the jmeter.properties that come with JMeter set it (sampleresult.timestamp.start=true).',
  'Latency of JMeter is to the first byte of the answer, which need not be a token; it and Connect were not read.',
];
const isHeader = (cells: readonly string[]): boolean => NEEDED.every(name => cells.includes(name));

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'JMeter results (JTL, CSV)',
  extensions: ['.jtl', '.csv'],
  columns: [...NEEDED, 'responseCode', 'threadName', 'Latency', 'Connect'],
  sniff: head => firstLines(head).some(line => isHeader(splitCells(line))),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    // The last column (Connect) is not read, so it does no harm if it is cut off.
    const isWhole = (cell: string) => cell !== 'true' && cell !== 'false' && /^\d+$/.test(cell);
    const table = readTable(text, source, { title: 'JMeter', isHeader, isWhole, restarts: false }, counter);
    const hits = Array.from(table.rows, row => readRow(row, table.columns, source));
    const parts = { format: ID, source, clock: { kind: 'epoch', uncertainty_ms: 1 } as const, limits: LIMITS };
    return hitSeries(hits, parts, counter);
  },
});

const readRow = ({ cells, line }: TableRow, columns: readonly string[], source: string): Hit => {
  const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
  const refuse = (field: string, what: string, hint = MEND) => badRecord({ source, line, field }, `${quote(cell(field))} is ${what}`, hint);
  if (!/^1\d{12}$/.test(cell('timeStamp')))
    throw refuse(
      'timeStamp',
      'no time in milliseconds since 1970',
      'Let JMeter write milliseconds: jmeter.save.saveservice.timestamp_format=ms.',
    );
  if (!/^\d{1,12}$/.test(cell('elapsed'))) throw refuse('elapsed', 'not a number of milliseconds');
  if (cell('success') !== 'true' && cell('success') !== 'false') throw refuse('success', 'neither true nor false');
  const start_ns = BigInt(cell('timeStamp')) * 1_000_000n;
  const duration_ns = BigInt(cell('elapsed')) * 1_000_000n;
  if (duration_ns > DAY_NS) throw refuse('elapsed', 'more than a day');
  return { line, start_ns, end_ns: start_ns + duration_ns, ok: cell('success') === 'true', name: '' };
};
