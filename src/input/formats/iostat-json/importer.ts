// Format: man 1 iostat (https://sysstat.github.io/), "-o JSON" with -t; proved with sysstat 12.6.1.
import { z } from 'zod';
import { cpuRates } from '#input/formats/shared/cpu-rates';
import { DISK_LIMIT, diskRates } from '#input/formats/shared/disk-rates';
import { Amount, sysstatEntries } from '#input/formats/shared/sysstat-json';
import { FIRST_IS_A_START, type HostReading, hostSeries } from '#input/series/host-series';
import { badRecord, quote } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import { parseLocalTimestamp } from '#input/time/local-timestamp';
import type { Timestamp } from '#input/time/timestamp';
import type { HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'iostat-json';

const Entry = z.object({
  timestamp: z.string().optional(),
  'avg-cpu': z.record(z.string(), Amount).optional(),
  disk: z.array(z.object({ disk_device: z.string() }).catchall(Amount)).optional(),
});

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'iostat -o JSON',
  extensions: ['.json'],
  keys: ['sysstat', 'hosts', 'statistics', 'avg-cpu', 'disk'],
  sniff: head => /^\s{0,9}\ufeff?\s{0,9}\{\s{0,9}"sysstat"/.test(head) && /"(?:avg-cpu|disk_device)"\s{0,9}:/.test(head),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const readings: HostReading[] = [];
    let first: Timestamp | undefined;
    for (const { entry, number, cpus } of sysstatEntries(text, source, Entry, counter)) {
      const stamp = stampOf(entry.timestamp, source);
      first ??= stamp;
      if (stamp.zoned !== first.zoned) throw badRecord({ source, field: 'timestamp' }, 'some times have a zone and others have none', HINT);
      const disks = new Map((entry.disk ?? []).map(({ disk_device, ...columns }) => [disk_device, columns]));
      const rates = { ...cpuRates(entry['avg-cpu'] ?? {}, cpus), ...diskRates(disks) };
      readings.push({ line: number, text: String(number), ns: stamp.ns, rates, states: {} });
    }
    const when = { kind: first?.zoned === true ? 'zoned' : 'zoneless', resolution_ms: 1000 } as const;
    return hostSeries(readings, { format: ID, source, when, limits: [FIRST_IS_A_START, DISK_LIMIT], counter });
  },
});

const HINT = 'Record again with -t, and with S_TIME_FORMAT=ISO in the environment.';

const stampOf = (text: string | undefined, source: string): Timestamp => {
  if (text === undefined) throw badRecord({ source, field: 'timestamp' }, 'the samples carry no times, so none can be placed', HINT);
  const stamp = parseLocalTimestamp(text);
  if (stamp === undefined) throw badRecord({ source, field: 'timestamp' }, `${quote(text)} is not a time`, HINT);
  return stamp;
};
