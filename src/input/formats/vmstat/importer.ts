// Format: man 8 vmstat (procps), "-t"; proved with procps 4.0.

import { AVERAGE_CPU, cpuRates } from '#input/formats/shared/cpu-rates';
import { FIRST_IS_A_START, type HostReading, hostSeries } from '#input/series/host-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import { parseTimestamp, type Timestamp } from '#input/time/timestamp';
import type { HostSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'vmstat';
/** One blank before the first name, with -w three; more is how Markdown quotes. */
const HEADER = /^\s{0,4}r\s{1,9}b\s{1,9}swpd\s/;
/** The name of the zone over the times: all other columns have small letters. */
const ZONE = /^[A-Z+-]/;
const MEND = 'Mend or delete this line.';
const NO_TIMES = 'Record again with -t: vmstat -t 1.';
/** Since Linux 2.6, vmstat counts blocks of 1024 bytes whatever -S says. */
const SECTORS_PER_BLOCK = 2;
const KIB_PER_PAGE = 4;

const LIMITS = [
  FIRST_IS_A_START,
  AVERAGE_CPU,
  'Swapping is taken to be in KiB (no -S) and in pages of 4 KiB; the file tells neither.',
  'Blocks are of all devices together, mapped ones included.',
];

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'vmstat -t (text)',
  extensions: ['.txt', '.log'],
  sniff: head => head.split('\n', 50).some(line => HEADER.test(line)),
  parse: (text, source): HostSeries => {
    const counter = new WarningCounter();
    const { readings, zoned } = readSamples(text, source, counter);
    const when = { kind: zoned ? 'zoned' : 'zoneless', resolution_ms: 1000 } as const;
    return hostSeries(readings, { format: ID, source, when, limits: LIMITS, counter });
  },
});

const readSamples = (
  text: Text,
  source: string,
  counter: WarningCounter,
): { readonly readings: HostReading[]; readonly zoned: boolean } => {
  const readings: HostReading[] = [];
  let columns: readonly string[] | undefined;
  let first: Timestamp | undefined;
  for (const { number: line, text: raw } of wholeLines(text, source, counter)) {
    const cells = raw.trim().split(/\s+/);
    if (HEADER.test(raw)) columns = cells;
    else if (/^-*procs/.test(cells[0] ?? '')) continue;
    else if (columns === undefined) counter.note('text before the header was left out', line, quote(raw));
    else {
      // With -t the header ends with the zone, and the lines with a date and a time.
      const values = cells.length - columns.length === 1 ? columns.length - 1 : undefined;
      if (values === undefined && !ZONE.test(columns.at(-1) ?? ''))
        throw badRecord({ source, line }, 'the samples carry no times, so none can be placed', NO_TIMES);
      if (values === undefined)
        throw badRecord({ source, line }, `the line has ${cells.length - 2} values, but the header has ${columns.length - 1}`, MEND);
      const zone = /^(?:UTC|GMT)$/.test(columns.at(-1) ?? '') ? 'Z' : '';
      const stamp = parseTimestamp(`${cells.slice(values).join(' ')}${zone}`);
      if (stamp === undefined) throw badRecord({ source, line }, `${quote(cells.slice(values).join(' '))} is not a time`, MEND);
      first ??= stamp;
      if (stamp.zoned !== first.zoned) throw badRecord({ source, line }, 'this time has a zone and others have none, or the reverse', MEND);
      readings.push({ line, text: raw, ns: stamp.ns, ...amountsOf(columns.slice(0, values), cells, { source, line }) });
    }
  }
  return { readings, zoned: first?.zoned === true };
};

const amountsOf = (
  columns: readonly string[],
  cells: readonly string[],
  place: { source: string; line: number },
): Pick<HostReading, 'rates' | 'states'> => {
  const told: Record<string, number> = {};
  for (const [i, column] of columns.entries()) {
    const value = amount(cells[i] ?? '');
    if (value === undefined) throw badRecord({ ...place, field: column }, `${quote(cells[i])} is not an amount`, MEND);
    told[column] = value;
  }
  const { r = 0, b = 0, si = 0, so = 0, bi = 0, bo = 0, cs = 0 } = told;
  const amounts = {
    swap_in_pages: si / KIB_PER_PAGE,
    swap_out_pages: so / KIB_PER_PAGE,
    disk_read_sectors: bi * SECTORS_PER_BLOCK,
    disk_write_sectors: bo * SECTORS_PER_BLOCK,
    context_switches: cs,
  };
  for (const column of ['r', 'b', 'si', 'so', 'bi', 'bo', 'cs'])
    if (!columns.includes(column)) throw badRecord({ ...place, field: column }, 'the column is missing', 'Give what vmstat wrote.');
  return { rates: { ...amounts, ...cpuRates(told, 1) }, states: { procs_running: r, procs_blocked: b } };
};
