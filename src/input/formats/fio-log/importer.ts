// Format: https://fio.readthedocs.io/en/latest/fio_doc.html#log-file-formats — latency logs (write_lat_log) of fio 2.99 and later, in ns.

import { assertOneResult } from '#input/series/one-result';
import { badRecord, quote } from '#input/text/bad-record';
import { firstLines } from '#input/text/table';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { dateUnit, RELATIVE_LIMIT } from '#input/time/nanoseconds';
import { median, samplingLimit, steps } from '#input/time/sampling';
import type { SampleRow, SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'fio-log';
/** Time (ms), value, direction, size of the access, then offset and priority, each a version later. */
const ROW = /^(\d{1,15}), (\d{1,18}), ([012]), (\d{1,12})(?:, \d{1,20}){0,2}$/;
const DIRECTIONS = ['read', 'write', 'trim'] as const;
/** What fio calls the other logs that look the same. */
const OTHER_LOG = /[_.](bw|iops)(?:\.\d+)?\.log$/;

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'fio latency log',
  extensions: ['.log'],
  sniff: head => {
    // The last line of a head may be cut in two.
    const lines = firstLines(head).filter(line => line.trim() !== '');
    return lines.length > 0 && lines.slice(0, Math.max(1, lines.length - 1)).every(line => ROW.test(line.trimEnd()));
  },
  parse: (text, source): SampleSeries => {
    const [, other] = OTHER_LOG.exec(source) ?? [];
    if (other !== undefined)
      throw badRecord(
        { source },
        `it is named as a log of ${other === 'bw' ? 'bandwidth' : 'accesses a second'}, not of latency`,
        'Give the log that ends in _clat, _lat or _slat.',
      );
    const counter = new WarningCounter();
    const accesses = readAccesses(text, source, counter);
    const [first] = accesses;
    if (first === undefined)
      throw badRecord({ source }, 'the log is empty', 'Give the log of a job that has run, as write_lat_log writes it.');
    const epoch = dateUnit(first.time_ms) === 'milliseconds';
    const origin_ms = epoch ? first.time_ms : 0;
    const interval = median(steps(accesses.map(access => access.time_ms)));
    const averaged = accesses.every(access => access.size === 0);
    return {
      kind: 'samples',
      format: ID,
      clock: epoch ? { kind: 'epoch', uncertainty_ms: 1 } : { kind: 'relative' },
      origin_ns: BigInt(origin_ms) * 1_000_000n,
      cards: new Map(),
      ranBack_ms: 0,
      rows: accesses.map(access => toRow(access, origin_ms, averaged ? (interval ?? null) : null, averaged)),
      limits: [
        ...(epoch ? [] : [RELATIVE_LIMIT]),
        'The log does not say what its values are: they were read as latencies in nanoseconds (bw and iops logs look the same).',
        averaged
          ? `Each value is an average (log_avg_msec), so the slowest accesses are not seen. ${samplingLimit(interval)}`
          : 'Times are when an access ended, in whole milliseconds.',
      ],
      warnings: counter.sentences(),
    };
  },
});

interface Access {
  readonly time_ms: number;
  readonly value_ns: number;
  readonly direction: (typeof DIRECTIONS)[number];
  /** Bytes; 0 throughout where fio averages. */
  readonly size: number;
}

const readAccesses = (text: Text, source: string, counter: WarningCounter): Access[] => {
  const accesses: Access[] = [];
  for (const { number: line, text: row } of wholeLines(text, source, counter)) {
    const [, time = '', value = '', direction = '', size = ''] = ROW.exec(row.trimEnd()) ?? [];
    const name = DIRECTIONS[Number(direction)];
    if (direction === '' || name === undefined)
      throw badRecord({ source, line }, `${quote(row)} is not a row of time, latency, direction and size`, 'Mend or delete this line.');
    accesses.push({ time_ms: Number(time), value_ns: Number(value), direction: name, size: Number(size) });
  }
  assertOneResult(
    accesses.map(access => Object.values(access).join(' ')),
    source,
  );
  // A stable sort: the last average of a job may end in the same millisecond as the one before it.
  return accesses.sort((a, b) => a.time_ms - b.time_ms);
};

const toRow = ({ time_ms, value_ns, direction }: Access, origin_ms: number, window_ms: number | null, averaged: boolean): SampleRow => ({
  t_ms: time_ms - origin_ms,
  entity: `fio ${direction}`,
  metric: 'latency',
  unit: 'ns',
  value: value_ns,
  nature: averaged ? 'average' : 'gauge',
  window_ms,
});
