// Format: man 1 nvidia-smi, "--query-gpu" with "--format=csv"; the fields are those of `nvidia-smi --help-query-gpu`.
import { ForensicsError } from '#model/errors';
import type { GpuSeries } from '#model/relation';
import { badRecord } from '#reading/refuse';
import { firstLines, readTable, splitCells, type Table } from '#reading/table';
import { Tally } from '#reading/tally';
import type { Text } from '#reading/text';
import { intervalOf } from '#series/gpu-series';
import { missingValues } from '#series/missing';
import { msSince } from '#stamps/nanoseconds';
import { clockOfSamples } from '#stamps/sample-clock';
import { defineImporter } from '../define.ts';
import { isHeader, type Layout, layOut, QUANTITY_FIELDS } from './columns.ts';
import { numberGpus } from './gpu-number.ts';
import { limitsOf } from './limits.ts';
import { isWhole } from './quantity.ts';
import { readSamples } from './sample.ts';

const ID = 'nvidia-smi-csv';
/** A line of `--format=csv,noheader`: known so that it can be refused with advice. */
const HEADLESS = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{3}, /;

export default defineImporter({
  id: ID,
  kind: 'gpu',
  title: 'nvidia-smi --query-gpu (CSV)',
  extensions: ['.csv'],
  sniff: head => firstLines(head).some(line => isHeader(splitCells(line)) || HEADLESS.test(line)),
  parse: (text, source): GpuSeries => {
    const tally = new Tally();
    const table = open(text, source, tally);
    const layout = layOut(table.columns);
    checkColumns(layout, table.headerLine, source);
    const { samples, resolution_ms, zoned } = readSamples(table, layout, source, tally);
    const numbering = numberGpus(samples, layout.identity, source);
    const origin = samples[0]?.ns ?? 0n;
    for (const { row, ns } of samples) row.t_ms = msSince(origin, ns);
    const rows = samples.map(sample => sample.row).sort((a, b) => a.t_ms - b.t_ms || a.gpu - b.gpu);
    const interval = intervalOf(rows);
    return {
      kind: 'gpu',
      format: ID,
      clock: clockOfSamples({ kind: zoned ? 'zoned' : 'zoneless', resolution_ms }, interval),
      origin_ns: origin,
      rows,
      limits: limitsOf(rows, layout, zoned, interval),
      warnings: [...numbering, ...tally.sentences(), ...missingValues(rows, ['name', ...QUANTITY_FIELDS, 'event_reasons'])],
    };
  },
});

const open = (text: Text, source: string, tally: Tally): Table => {
  if (firstLines(text).some(line => HEADLESS.test(line)) && !firstLines(text).some(line => isHeader(splitCells(line)))) {
    throw new ForensicsError(
      'unknown-format',
      `${source} has no header line, so its columns cannot be known.`,
      'Record without noheader, or put a first line with the names given to --query-gpu.',
    );
  }
  return readTable(text, source, { title: 'nvidia-smi --query-gpu … --format=csv', isHeader, isWhole }, tally);
};

const checkColumns = (layout: Layout, line: number, source: string): void => {
  if (layout.time === undefined) {
    const hint = 'Record again with timestamp (and index) added to --query-gpu, as in nvidia-smi --query-gpu=timestamp,index,….';
    throw badRecord({ source, line, field: 'timestamp' }, 'the column is missing, so no sample can be placed in time', hint);
  }
  if (layout.reasons.length === 0 && QUANTITY_FIELDS.every(field => layout.quantities[field].length === 0)) {
    const hint = 'Add power.draw.instant, clocks.sm and clocks_event_reasons.active to --query-gpu.';
    throw badRecord({ source, line }, 'none of the columns is one that is used here', hint);
  }
};
