// Format: man 1 sadf (https://sysstat.github.io/), "-j"; proved with sysstat 12.6.1, activities -u -d -q -r.

import { DISK_LIMIT } from '#input/formats/shared/disk-rates';
import { sysstatEntries } from '#input/formats/shared/sysstat-json';
import { type HostReading, hostSeries } from '#input/series/host-series';
import { badRecord, quote } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import { parseTimestamp } from '#input/time/timestamp';
import type { HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { Entry, ratesOf, statesOf } from './entry.ts';

const ID = 'sadf-json';
const HINT = 'Give what sadf -j wrote.';

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'sadf -j (JSON of sar)',
  extensions: ['.json'],
  keys: ['sysstat', 'hosts', 'statistics', 'file-date'],
  sniff: head =>
    /^\s{0,9}\ufeff?\s{0,9}\{\s{0,9}"sysstat"/.test(head) && (head.includes('"file-date"') || /"timestamp"\s{0,9}:\s{0,9}\{/.test(head)),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const readings: HostReading[] = [];
    let utc: boolean | undefined;
    for (const { entry, number, cpus } of sysstatEntries(text, source, Entry, counter)) {
      const { timestamp } = entry;
      // An entry without a time is a comment or a restart.
      if (timestamp === undefined) continue;
      const stamp = parseTimestamp(`${timestamp.date} ${timestamp.time}`);
      if (stamp === undefined)
        throw badRecord({ source, field: 'timestamp' }, `${quote(`${timestamp.date} ${timestamp.time}`)} is not a time`, HINT);
      const isUtc = timestamp.utc === 1 || timestamp.utc === true;
      utc ??= isUtc;
      if (utc !== isUtc) throw badRecord({ source, field: 'timestamp' }, 'some times are in UTC and others are not', HINT);
      const { interval: seconds } = timestamp;
      readings.push({ line: number, text: String(number), ns: stamp.ns, seconds, rates: ratesOf(entry, cpus), states: statesOf(entry) });
    }
    const when = { kind: utc === true ? 'zoned' : 'zoneless', resolution_ms: 1000 } as const;
    return hostSeries(readings, { format: ID, source, when, limits: [DISK_LIMIT], counter });
  },
});
