import { z } from 'zod';
import { plain } from '#core/format/numbers';
import type { ChartData, Report } from '#schema/report';
import { type Chart, defineTable, inSeconds, MOST_MARKS, round, thin } from './chart.ts';
import { INCIDENT, INCIDENT_BANDS, OWN_COLOURS } from './incidents.ts';
import { SERIES } from './series.ts';
import { SHOWN, shown, TIME_LINE, TIME_MARGIN, timeX, valueAxis } from './time-axis.ts';

type Sample = ChartData['host'][number];
type Counter = Exclude<keyof Sample, 't_ms'>;

const schema = z.strictObject({ t_s: z.number(), series: z.string(), value: z.number().nullable() });

const samplesOf = (name: string, unit: string, counters: Readonly<Partial<Record<Counter, string>>>) =>
  defineTable({
    name,
    schema,
    columns: { t_s: 'Time (s)', series: 'What', value: unit },
    rows: ({ charts }) =>
      thin(charts.host, MOST_MARKS / 2).flatMap(sample =>
        (Object.keys(counters) as Counter[])
          .filter(counter => charts.host.some(s => s[counter] !== null))
          .map(counter => {
            const value = sample[counter];
            return { t_s: inSeconds(sample.t_ms), series: counters[counter] ?? counter, value: value === null ? null : round(value, 3) };
          }),
      ),
  });

const FROM_ZERO = { zero: true, nice: true } as const;

/** @param scale of the values; a share of all there is goes up to all there is */
const panel = (
  table: string,
  axisTitle: string,
  scale: { readonly zero: true; readonly nice: boolean } | { readonly domain: number[] },
): Chart['spec'] => ({
  params: SHOWN,
  resolve: OWN_COLOURS,
  layer: [
    INCIDENT_BANDS,
    {
      data: { name: table },
      mark: { ...TIME_LINE, type: 'line', interpolate: 'step-after' },
      encoding: {
        x: timeX('t_s'),
        y: { field: 'value', type: 'quantitative', axis: valueAxis(axisTitle), scale },
        stroke: { field: 'series', type: 'nominal', scale: { range: SERIES } },
      },
    },
  ],
});

/** Says why a panel is missing: no samples, no such counter, or a counter that never moved. */
const without = (what: string, counters: readonly Counter[], quietIsNews: boolean) => (report: Report) => {
  const { host } = report.charts;
  if (host.length === 0) return `No host samples were given: ${what} not known.`;
  const values = host.flatMap(s => counters.flatMap(c => s[c] ?? []));
  if (values.length === 0) return `The host samples do not hold it: ${what} not known.`;
  return quietIsNews && values.every(v => v === 0) ? `None in ${plain(host.length)} host samples: ${what} zero throughout.` : null;
};

const highest = (report: Report, counter: Counter) => plain(report.charts.host.reduce((most, s) => Math.max(most, s[counter] ?? 0), 0));

const CPU = samplesOf('host_cpu_sample', 'Percent', { cpu_pct: 'CPU busy', iowait_pct: 'waiting for I/O' });
export const HOST_CPU: Chart = {
  name: 'host-cpu',
  title: 'Host CPU',
  reading: 'All cores together.',
  tables: [CPU, INCIDENT],
  spec: panel('host_cpu_sample', 'CPU (%)', { domain: [0, 100] }),
  height: () => 64,
  margin: TIME_MARGIN,
  params: shown,
  absent: without('CPU use is', ['cpu_pct', 'iowait_pct'], false),
  describe: report =>
    `Host CPU over time: at most ${highest(report, 'cpu_pct')} % busy, at most ${highest(report, 'iowait_pct')} % waiting for I/O.`,
};

const DISK = samplesOf('host_disk_sample', 'MB/s', { disk_read_mb_s: 'read', disk_write_mb_s: 'written' });
export const HOST_DISK: Chart = {
  name: 'host-disk',
  title: 'Host disks',
  reading: 'All disks together.',
  tables: [DISK, INCIDENT],
  spec: panel('host_disk_sample', 'disk (MB/s)', FROM_ZERO),
  height: () => 64,
  margin: TIME_MARGIN,
  params: shown,
  absent: without('disk traffic is', ['disk_read_mb_s', 'disk_write_mb_s'], true),
  describe: report =>
    `Host disk traffic over time: at most ${highest(report, 'disk_read_mb_s')} MB/s read, ${highest(report, 'disk_write_mb_s')} MB/s written.`,
};

const FAULTS = samplesOf('host_fault_sample', 'Faults per second', { major_faults_s: 'major faults' });
export const HOST_FAULTS: Chart = {
  name: 'host-faults',
  title: 'Major page faults',
  reading: 'Page faults that had to read from a disk.',
  tables: [FAULTS, INCIDENT],
  spec: panel('host_fault_sample', 'faults (1/s)', FROM_ZERO),
  height: () => 64,
  margin: TIME_MARGIN,
  params: shown,
  absent: without('major page faults are', ['major_faults_s'], true),
  describe: report => `Major page faults over time: at most ${highest(report, 'major_faults_s')} a second.`,
};
