// Format: https://rocm.docs.amd.com/projects/amdsmi (amd-smi monitor -w 1 --csv --file F; amd-smi metric); seen: the columns of ROCm 6.1 to 7.0.

import { EMPTY_GPU } from '#input/series/empty-rows';
import { type GpuSample, gpuSeries } from '#input/series/gpu-series';
import { notRead } from '#input/series/summary-series';
import { badRecord, quote } from '#input/text/bad-record';
import { decimal } from '#input/text/decimal';
import { firstLines, readTable, splitCells, type TableRow } from '#input/text/table';
import { WarningCounter } from '#input/text/warning-counter';
import { parseTimestamp } from '#input/time/timestamp';
import { UNKNOWN_CARD } from '#schema/gpu-card';
import type { GpuSampleRow, GpuSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'amd-smi-csv';
const MEND = 'Mend or delete this line.';
const NO_TIMES = 'Record again with -w, which puts the time before each line: amd-smi monitor -w 1 --csv --file FILE.';
const TIME = 'timestamp';
/** Columns by the names of monitor, then of metric; with units in the cell or without. */
const COLUMNS: readonly (readonly [keyof GpuSampleRow, readonly string[]])[] = [
  ['power_w', ['power_usage', 'socket_power', 'current_socket_power']],
  ['power_limit_w', ['max_power', 'power_cap', 'power_limit']],
  ['sm_clock_mhz', ['gfx_clk', 'gfx_clock', 'gfx_0_clk']],
  ['mem_clock_mhz', ['mem_clock', 'mem_clk', 'mem_0_clk']],
  ['temperature_c', ['hotspot_temperature', 'hotspot']],
  ['utilization_pct', ['gfx', 'gfx_activity', 'gfx_util']],
  ['memory_used_mib', ['vram_used', 'used_vram']],
];
const CELL = /^(-?[\d.]{1,20})\s*(?:W|MHz|MHZ|°?C|%|MB|MiB)?$/;
const isHeader = (cells: readonly string[]): boolean =>
  cells.includes('gpu') && COLUMNS.filter(([, names]) => names.some(name => cells.includes(name))).length >= 2;
const LIMITS = ['Power is that of the socket; the temperature that of the hottest spot. MB of amd-smi are taken as MiB.'];

export default defineImporter({
  id: ID,
  kind: 'gpu',
  title: 'amd-smi monitor (CSV)',
  extensions: ['.csv'],
  columns: [
    TIME,
    'gpu',
    'power_usage',
    'hotspot_temperature',
    'memory_temperature',
    'gfx_clk',
    'gfx',
    'mem',
    'mem_clock',
    'vram_used',
    'vram_total',
  ],
  sniff: head => firstLines(head).some(line => isHeader(splitCells(line))),
  parse: (text, source): GpuSeries => {
    const counter = new WarningCounter();
    const table = readTable(text, source, { title: 'amd-smi', isHeader, isWhole: () => false, restarts: true }, counter);
    const { columns } = table;
    if (!columns.includes(TIME))
      throw badRecord({ source, line: table.headerLine }, 'the samples carry no times, so none can be placed', NO_TIMES);
    const samples: (GpuSample & { zoned: boolean; resolution_ms: number })[] = [];
    for (const row of table.rows) {
      // Partitions of a card repeat its power, or have none.
      const partition = row.cells[columns.indexOf('xcp')] ?? '0';
      if (/^\d+$/.test(partition) && Number(partition) > 0) counter.note('a partition beside the first of its card was left out', row.line);
      else samples.push(readRow(row, columns, source));
    }
    const resolution_ms = samples[0]?.resolution_ms ?? 1000;
    const zoned = samples[0]?.zoned ?? false;
    const other = samples.find(sample => sample.zoned !== zoned);
    if (other !== undefined)
      throw badRecord({ source, line: other.line }, 'this time has a zone and others have none, or the reverse', MEND);
    const unread = columns.filter(name => !['', TIME, 'gpu', 'xcp'].includes(name) && !COLUMNS.some(([, names]) => names.includes(name)));
    // Over how long the socket's power is a mean is not documented.
    const cards = new Map(samples.map(({ row }) => [row.gpu, UNKNOWN_CARD] as const));
    const when = { kind: zoned ? 'zoned' : 'zoneless', resolution_ms } as const;
    return gpuSeries(samples, { format: ID, source, when, limits: [...LIMITS, ...notRead(unread)], counter, cards });
  },
});

const readRow = ({ cells, line, text }: TableRow, columns: readonly string[], source: string) => {
  const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
  const stamp = parseTimestamp(cell(TIME));
  if (stamp === undefined) throw badRecord({ source, line, field: TIME }, `${quote(cell(TIME))} is not a time`, MEND);
  if (!/^\d{1,4}$/.test(cell('gpu')))
    throw badRecord({ source, line, field: 'gpu' }, `${quote(cell('gpu'))} is not the number of a GPU`, MEND);
  const values = COLUMNS.flatMap(([field, names]): (readonly [string, number])[] => {
    const name = names.find(known => columns.includes(known) && cell(known) !== '' && cell(known) !== 'N/A');
    if (name === undefined) return [];
    const value = decimal(CELL.exec(cell(name))?.[1] ?? '');
    if (value === undefined || value < 0) throw badRecord({ source, line, field: name }, `${quote(cell(name))} is not an amount`, MEND);
    return [[field, value]];
  });
  const row: GpuSampleRow = { ...EMPTY_GPU, gpu: Number(cell('gpu')), ...Object.fromEntries(values) };
  return { line, text, ns: stamp.ns, zoned: stamp.zoned, resolution_ms: stamp.resolution_ms, row };
};
