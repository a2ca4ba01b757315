import { knownAt } from '#input/series/known-at';
// Format: man 1 nvidia-smi, "--query-gpu" with "--format=csv"; the fields are those of `nvidia-smi --help-query-gpu`.

import { valueAt } from '#core/columns';
import { ForensicsError } from '#core/errors';
import type { GpuSamples } from '#input/series/gpu-samples';
import { intervalOf } from '#input/series/gpu-series';
import { missingValues } from '#input/series/missing';
import { badRecord } from '#input/text/bad-record';
import { firstLines, readTable, splitCells, type Table } from '#input/text/table';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { clockOfSamples } from '#input/time/sample-clock';
import type { GpuSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { cardsOf } from './cards.ts';
import { isHeader, type Layout, layOut, QUANTITY_FIELDS } from './columns.ts';
import { numberGpus } from './gpu-number.ts';
import { inTime, withoutCopies } from './in-time.ts';
import { limitsOf } from './limits.ts';
import { isWhole } from './quantity.ts';
import { readSamples, type Unplaced } from './sample.ts';

const ID = 'nvidia-smi-csv';
/** A line of `--format=csv,noheader`: known so that it can be refused with advice. */
const HEADLESS = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{3}, /;

/** JSON has the same names (gpustat), and lists of processes the same times (--query-compute-apps). */
const OTHERS = /^\ufeff?\s*(?:\{|\[\s*[{\]]|timestamp, (?:[\w.]+, )*pid, .*\bused_(?:gpu_)?memory\b)/;

export default defineImporter({
  id: ID,
  kind: 'gpu',
  title: 'nvidia-smi --query-gpu (CSV)',
  extensions: ['.csv'],
  columns: ['timestamp', 'index', 'power.draw', 'clocks.sm', 'temperature.gpu', 'utilization.gpu', 'memory.used'],
  sniff: head => !OTHERS.test(head) && firstLines(head).some(line => isHeader(splitCells(line)) || HEADLESS.test(line)),
  parse: (text, source): GpuSeries => {
    const counter = new WarningCounter();
    const table = open(text, source, counter);
    const layout = layOut(table.columns);
    checkColumns(layout, table.headerLine, source);
    const unplaced = readSamples(table, layout, source, counter);
    const { order: all, ranBack_ms } = inTime(unplaced, counter);
    const order = withoutCopies(all, unplaced, source, counter);
    const { gpus, warnings } = numberGpus(order, unplaced, layout.identity, source);
    const rows = placed(order, unplaced, gpus);
    const { zoned, resolution_ms } = unplaced;
    const interval = intervalOf(rows);
    return {
      kind: 'gpu',
      format: ID,
      clock: clockOfSamples({ kind: zoned ? 'zoned' : 'zoneless', resolution_ms }, interval),
      origin_ns: unplaced.first_ns + BigInt(knownAt(unplaced.ns, valueAt(order, 0))),
      rows,
      cards: cardsOf(unplaced.gpus, gpus, layout, rows),
      ranBack_ms,
      limits: limitsOf(rows, layout, zoned, interval),
      warnings: [...warnings, ...counter.sentences(), ...missingValues(rows, ['name', ...QUANTITY_FIELDS, 'event_reasons'])],
    };
  },
});

/** The samples by their times since the earliest, and by their GPUs. */
const placed = (order: Uint32Array, { samples, ns, gpu }: Unplaced, gpus: readonly number[]): GpuSamples => {
  const gpuOf = (i: number) => valueAt(gpus, knownAt(gpu, i));
  const start = knownAt(ns, valueAt(order, 0));
  for (const i of order) samples.place(i, (knownAt(ns, i) - start) / 1e6, gpuOf(i));
  const inTurn = order.every((i, k) => k === 0 || ns.at(i) !== ns.at(valueAt(order, k - 1)) || gpuOf(i) >= gpuOf(valueAt(order, k - 1)));
  const isAll = order.length === ns.length && order.every((i, k) => i === k);
  if (inTurn && isAll) return samples;
  samples.arrange(inTurn ? order : order.sort((a, b) => knownAt(ns, a) - knownAt(ns, b) || gpuOf(a) - gpuOf(b) || a - b));
  return samples;
};

const open = (text: Text, source: string, counter: WarningCounter): Table => {
  if (firstLines(text).some(line => HEADLESS.test(line)) && !firstLines(text).some(line => isHeader(splitCells(line)))) {
    throw new ForensicsError(
      'unknown-format',
      `${source} has no header line, so its columns cannot be known.`,
      'Record without noheader, or put a first line with the names given to --query-gpu.',
    );
  }
  return readTable(text, source, { title: 'nvidia-smi --query-gpu … --format=csv', isHeader, isWhole, restarts: true }, counter);
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
