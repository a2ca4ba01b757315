// Format: man 1 nvidia-smi, "dmon", with -o DT or -o T; columns differ with -s and with the driver, and are read by name.

import { gpuOf, readTableLines, type TableLine, tableIn } from '#input/formats/shared/nvidia-smi-table';
import { unnamedCards } from '#input/series/cards';
import { EMPTY_GPU } from '#input/series/empty-rows';
import { type GpuSample, gpuSeries } from '#input/series/gpu-series';
import { badRecord, quote } from '#input/text/bad-record';
import { decimal } from '#input/text/decimal';
import { WarningCounter } from '#input/text/warning-counter';
import type { GpuSampleRow, GpuSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'nvidia-smi-dmon';

/** What each column is here, and where a newer name has replaced an older one, both. */
const COLUMNS = {
  pwr: 'power_w',
  gtemp: 'temperature_c',
  temp: 'temperature_c',
  sm: 'utilization_pct',
  fb: 'memory_used_mib',
  mclk: 'mem_clock_mhz',
  pclk: 'sm_clock_mhz',
} as const satisfies Readonly<Record<string, keyof GpuSampleRow>>;

const LIMITS = [
  'Power is an average over a second on most GPUs.',
  'Of the columns, only power, temperature, SM utilization, clocks and memory used are read.',
];

export default defineImporter({
  id: ID,
  kind: 'gpu',
  title: 'nvidia-smi dmon (text)',
  extensions: ['.txt', '.log'],
  sniff: head => tableIn(head)?.includes('pid') === false,
  parse: (text, source): GpuSeries => {
    const counter = new WarningCounter();
    const { rows, when } = readTableLines(text, source, counter);
    const samples = rows.map((row): GpuSample => ({ line: row.line, text: row.text, ns: row.ns, row: rowOf(row, source) }));
    return gpuSeries(samples, { format: ID, source, when, limits: LIMITS, counter, cards: unnamedCards(samples) });
  },
});

const rowOf = (line: TableLine, source: string): GpuSampleRow => {
  const row: GpuSampleRow = { ...EMPTY_GPU, gpu: gpuOf(line, source) };
  for (const [column, field] of Object.entries(COLUMNS)) {
    const cell = line.cells.get(column);
    if (cell === undefined) continue;
    const value = decimal(cell);
    if (value === undefined || (value < 0 && field !== 'temperature_c'))
      throw badRecord({ source, line: line.line, field: column }, `${quote(cell)} is not a quantity`, 'Mend or delete this line.');
    row[field] = value;
  }
  return row;
};
