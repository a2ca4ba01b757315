// Format: man 1 nvidia-smi, "pmon", with -o DT or -o T; columns differ with -s and with the driver, and are read by name.

import { gpuOf, readTableLines, type TableLine, tableIn } from '#input/formats/shared/nvidia-smi-table';
import { type Reading, sampleSeries } from '#input/series/sample-series';
import { badRecord, quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import { WarningCounter } from '#input/text/warning-counter';
import type { SampleSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'nvidia-smi-pmon';
const HINT = 'Let pmon run while a program uses the GPU.';

/** Shares of the time since the last sample, of which pmon does not say how long ago it was. */
const SHARES = ['sm', 'mem', 'enc', 'dec', 'jpg', 'ofa'] as const;
/** NVML counts memory in bytes; pmon prints MiB and calls them MB. */
const MEMORY = ['fb', 'ccpm'] as const;

export default defineImporter({
  id: ID,
  kind: 'samples',
  title: 'nvidia-smi pmon (text)',
  extensions: ['.txt', '.log'],
  sniff: head => tableIn(head)?.includes('pid') === true,
  parse: (text, source): SampleSeries => {
    const counter = new WarningCounter();
    const { rows, when } = readTableLines(text, source, counter);
    const readings = rows.flatMap(row => readingsOf(row, source));
    return sampleSeries(readings, { format: ID, source, when, limits: LIMITS, counter, hint: HINT });
  },
});

const LIMITS = ['Shares run over the time since the last sample of the driver, which may be up to a second.'];

const readingsOf = (row: TableLine, source: string): Reading[] => {
  const gpu = gpuOf(row, source);
  const pid = row.cells.get('pid');
  // A GPU that no process uses has a line of dashes.
  if (pid === undefined) return [];
  if (!/^\d{1,10}$/.test(pid)) throw badRecord({ source, line: row.line, field: 'pid' }, `${quote(pid)} is not a process`, MEND);
  const command = row.cells.get('command');
  const entity = `GPU ${gpu} pid ${pid}${command === undefined ? '' : ` (${command.replace(/^.*\//, '')})`}`;
  return [...SHARES, ...MEMORY].flatMap(metric => {
    const cell = row.cells.get(metric);
    if (cell === undefined) return [];
    const value = amount(cell);
    if (value === undefined) throw badRecord({ source, line: row.line, field: metric }, `${quote(cell)} is not a quantity`, MEND);
    const share = SHARES.some(name => name === metric);
    const told = { entity, metric, unit: share ? '%' : 'MiB', value, nature: share ? 'average' : 'gauge', window_ms: null } as const;
    return [{ line: row.line, ns: row.ns, row: told }];
  });
};

const MEND = 'Mend or delete this line.';
