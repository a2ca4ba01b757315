// Format: man 1 sadf (https://sysstat.github.io/), "-d": semicolons, and a header for each activity; proved with sysstat 12.6.1.

import { AVERAGE_CPU } from '#input/formats/shared/cpu-rates';
import { DISK_LIMIT } from '#input/formats/shared/disk-rates';
import { ratesOf, statesOf } from '#input/formats/shared/sar-activities';
import { type HostReading, hostSeries } from '#input/series/host-series';
import { WarningCounter } from '#input/text/warning-counter';
import type { HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { readMoments } from './moments.ts';

const ID = 'sadf-csv';

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'sadf -d (sar, separated by semicolons)',
  extensions: ['.csv'],
  sniff: head => /^\ufeff?# ?hostname;interval;timestamp[;\r\n]/m.test(head),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const { moments, cpus, zoned } = readMoments(text, source, counter);
    let disks: ReadonlySet<string> = new Set();
    const readings = moments.map((moment): HostReading => {
      const lost = [...disks].some(disk => !moment.disks.has(disk));
      if (lost) counter.note('a disk is missing that was there before, so nothing is said of disks', moment.line);
      else disks = new Set(moment.disks.keys());
      const rates = ratesOf(lost ? { ...moment, disks: new Map() } : moment, cpus ?? 1);
      return { line: moment.line, text: String(moment.ns), ns: moment.ns, seconds: moment.seconds, rates, states: statesOf(moment) };
    });
    const when = { kind: zoned ? 'zoned' : 'zoneless', resolution_ms: 1000 } as const;
    return hostSeries(readings, { format: ID, source, when, limits: [DISK_LIMIT, ...(cpus === undefined ? [AVERAGE_CPU] : [])], counter });
  },
});
