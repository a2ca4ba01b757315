// Format: man 1 iostat (https://sysstat.github.io/), with -t (and best -x); proved with sysstat 12.6.1.

import { AVERAGE_CPU, cpuRates } from '#input/formats/shared/cpu-rates';
import { DISK_LIMIT, diskRates } from '#input/formats/shared/disk-rates';
import { FIRST_IS_A_START, type HostReading, hostSeries } from '#input/series/host-series';
import { badRecord } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import type { HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { readReports } from './reports.ts';

const ID = 'iostat-text';

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'iostat -t (text)',
  extensions: ['.txt', '.log'],
  sniff: head => /^\ufeff?avg-cpu:/m.test(head) || /^\ufeff?Device:?[ \t]{1,40}(?:r\/s|tps|rrqm\/s)[ \t]/m.test(head),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const { reports, cpus } = readReports(text, source, counter);
    const zoned = reports[0]?.stamp.zoned === true;
    const readings = reports.map((report): HostReading => {
      if (report.stamp.zoned !== zoned)
        throw badRecord({ source, line: report.line }, 'this time has a zone and others have none, or the reverse', 'Give one recording.');
      const rates = { ...cpuRates(report.cpu, cpus ?? 1), ...diskRates(report.disks) };
      return { line: report.line, text: String(report.line), ns: report.stamp.ns, rates, states: {} };
    });
    const when = { kind: zoned ? 'zoned' : 'zoneless', resolution_ms: 1000 } as const;
    const limits = [FIRST_IS_A_START, DISK_LIMIT, ...(cpus === undefined ? [AVERAGE_CPU] : [])];
    return hostSeries(readings, { format: ID, source, when, limits, counter });
  },
});
