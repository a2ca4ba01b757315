// Format: man 1 perf-stat, "-I" (intervals), text and "-x" (CSV FORMAT there); seen: perf 4.15 to 6.x, whole machine, --per-socket and -A.
// Amounts of intervals are added up to counters.

import { type Reading, sampleSeries } from '#input/series/sample-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { parseLocalTimestamp } from '#input/time/local-timestamp';
import { nsOfSeconds } from '#input/time/nanoseconds';
import type { When } from '#input/time/sample-clock';
import type { SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'perf-stat';
const HINT = 'Record some intervals: perf stat -a -I 1000 -e power/energy-pkg/ -o FILE.';
const MEND = 'Mend or delete this line.';
const HEADER = /^\ufeff?#\s+time\s.*\bcounts\b.*\bunit\b.*\bevents\b/m;
const STARTED = /^\ufeff?# started on (\S.*\d{4})\s*$/;
/** The time, where it was counted (a socket with its number of CPUs, or a CPU), the amount, and the rest. */
const ROW =
  /^\s+(\d{1,9}\.\d{1,9})\s+(?:(S\d+(?:-D\d+)?(?:-C\d+)?)\s+\d+\s+|(CPU\d+)\s+)?(<not (?:counted|supported)>|\d{1,3}(?:,\d{3}){1,9}(?:\.\d{1,9})?|\d{1,30}(?:\.\d{1,9})?)\s+(\S.*)$/;
/** The same with -x: parted by whatever -x was given, the unit and the event in columns of their own, then how long it was counted. */
const PARTED =
  /^\s*(\d{1,9}\.\d{1,9})([,;|\t])(?:(S\d+(?:-D\d+)?(?:-C\d+)?)\2\d+\2|(CPU\d+)\2)?(<not (?:counted|supported)>|\d{1,30}(?:\.\d{1,9})?)\2([A-Za-z%]{0,12})\2([\w./:=-]{1,100})\2\d*\2/;
/** Units that perf writes before the event; an event stands alone where it has none. */
const UNIT = /^(Joules|msec|MiB|MB|GiB|KiB|Bytes|Watts|C|GHz|ns|%)\s+(\S+)/;
const UNITS: Readonly<Record<string, string>> = { Joules: 'J', msec: 'ms', Bytes: 'B', Watts: 'W' };
const COUNTED = 'Each counter is the sum of what was counted in the intervals, from zero at the start.';

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'perf stat -I (text, or -x)',
  extensions: ['.txt', '.log', '.csv'],
  sniff: head => HEADER.test(head) || head.split('\n', 3).some(line => PARTED.test(line)),
  parse: (text, source): SampleSeries => {
    const counter = new WarningCounter();
    const { readings, when } = readIntervals(text, source, counter);
    return sampleSeries(readings, { format: ID, source, when, limits: [COUNTED], counter, hint: HINT });
  },
});

interface Row {
  readonly time: string;
  readonly socket: string | undefined;
  readonly cpu: string | undefined;
  readonly counts: string;
  readonly unit: string;
  readonly metric: string;
}

/** A line in either layout; undefined for what is none. */
const rowOf = (line: string): Row | undefined => {
  const [, at, , ofSocket, ofCpu, amountOf = '', unitOf = '', event = ''] = PARTED.exec(line) ?? [];
  if (at !== undefined) return { time: at, socket: ofSocket, cpu: ofCpu, counts: amountOf, unit: unitOf, metric: event };
  const [, time, socket, cpu, counts = '', rest = ''] = ROW.exec(line) ?? [];
  if (time === undefined) return undefined;
  const [, unit = '', named] = UNIT.exec(rest) ?? [];
  return { time, socket, cpu, counts, unit, metric: named ?? rest.split(/\s/, 1)[0] ?? '' };
};

const readIntervals = (text: Text, source: string, counter: WarningCounter): { readings: Reading[]; when: When } => {
  const readings: Reading[] = [];
  const sums = new Map<string, number>();
  let started: bigint | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    if (raw.replace(/^\ufeff/, '').startsWith('#')) {
      started = parseLocalTimestamp((STARTED.exec(raw)?.[1] ?? '').trim())?.ns ?? started;
      continue;
    }
    const row = rowOf(raw);
    if (row === undefined) throw badRecord({ source, line }, `${quote(raw.trim())} is no interval of perf stat`, MEND);
    const { time, socket, cpu, counts, unit, metric } = row;
    if (counts.startsWith('<')) {
      counter.note('an event was not counted in this interval', line, quote(metric));
      continue;
    }
    const value = amount(counts.replaceAll(',', ''));
    if (value === undefined) throw badRecord({ source, line, field: metric }, `${quote(counts)} is not an amount`, MEND);
    const entity = socket !== undefined ? `socket ${socket.slice(1)}` : cpu !== undefined ? `CPU ${cpu.slice(3)}` : 'host';
    const key = `${entity}\n${metric}`;
    sums.set(key, (sums.get(key) ?? 0) + value);
    const ns = (started ?? 0n) + nsOfSeconds(Number(time));
    readings.push({
      line,
      ns,
      row: { entity, metric, unit: UNITS[unit] ?? unit, value: sums.get(key) ?? value, nature: 'counter', window_ms: null },
    });
  }
  return { readings, when: started === undefined ? { kind: 'untimed', resolution_ms: 0 } : { kind: 'zoneless', resolution_ms: 1000 } };
};
