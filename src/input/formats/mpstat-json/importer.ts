// Format: man 1 mpstat (https://sysstat.github.io/), "-o JSON"; proved with sysstat 12.6.1.
import { z } from 'zod';
import { cpuRates } from '#input/formats/shared/cpu-rates';
import { Amount, sysstatEntries } from '#input/formats/shared/sysstat-json';
import { FIRST_IS_A_START, type HostReading, hostSeries } from '#input/series/host-series';
import { badRecord, quote } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import { isoDate, isoTime } from '#input/time/local-timestamp';
import { overMidnight } from '#input/time/over-midnight';
import { parseTimestamp } from '#input/time/timestamp';
import type { HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'mpstat-json';
const HINT = 'Record again with S_TIME_FORMAT=ISO in the environment: mpstat -o JSON 1.';

const Entry = z.object({
  timestamp: z.string(),
  'cpu-load': z.array(z.object({ cpu: z.string() }).catchall(Amount)).optional(),
});

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'mpstat -o JSON',
  extensions: ['.json'],
  keys: ['sysstat', 'hosts', 'statistics', 'cpu-load'],
  sniff: head =>
    /^\s{0,9}\ufeff?\s{0,9}\{\s{0,9}"sysstat"/.test(head) &&
    /"cpu-load"\s{0,9}:/.test(head) &&
    /"date"\s{0,9}:/.test(head) &&
    !head.includes('"file-date"') &&
    !/"timestamp"\s{0,9}:\s{0,9}\{/.test(head),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const rising = overMidnight();
    const readings: HostReading[] = [];
    for (const { entry, number, cpus, date } of sysstatEntries(text, source, Entry, counter)) {
      const all = entry['cpu-load']?.find(load => load.cpu === 'all');
      const { cpu: _, ...shares } = all ?? { cpu: 'all' };
      const ns = rising(stampOf(date, entry.timestamp, source));
      readings.push({ line: number, text: String(number), ns, rates: cpuRates(shares, cpus), states: {} });
    }
    const when = { kind: 'zoneless', resolution_ms: 1000 } as const;
    return hostSeries(readings, { format: ID, source, when, limits: [FIRST_IS_A_START], counter });
  },
});

/** The date stands once, at the beginning of the file. */
const stampOf = (date: string | undefined, time: string, source: string): bigint => {
  const stamp = parseTimestamp(`${isoDate(date ?? '')} ${isoTime(time)}`);
  if (stamp === undefined) throw badRecord({ source, field: 'timestamp' }, `${quote(`${date ?? ''} ${time}`)} is not a time`, HINT);
  return stamp.ns;
};
