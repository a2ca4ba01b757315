import { NumberColumn } from '#core/math/number-column';
import { EMPTY_GPU } from '#input/series/empty-rows';
import { GpuSamples } from '#input/series/gpu-samples';
import { isPossible } from '#input/series/possible';
import { badRecord, quote } from '#input/text/bad-record';
import type { Table, TableRow } from '#input/text/table';
import type { WarningCounter } from '#input/text/warning-counter';
import { parseTimestamp, type Timestamp } from '#input/time/timestamp';
import type { GpuSampleRow } from '#schema/relation';
import { type Layout, QUANTITIES, QUANTITY_FIELDS, type QuantityField } from './columns.ts';
import { readReasons } from './event-reasons.ts';
import { type GpuIdentity, GpuRegister } from './gpu-identity.ts';
import { isMissing, parseQuantity } from './quantity.ts';

/** Samples in the order of the file, which know neither their time nor the number of their GPU yet. */
export interface Unplaced {
  readonly samples: GpuSamples;
  /** Of each: ns since `first_ns`, its line, and its GPU, as an index of `gpus`. */
  readonly ns: NumberColumn;
  readonly line: NumberColumn;
  readonly gpu: NumberColumn;
  /** Where no column tells GPUs apart there is one, of which nothing is known. */
  readonly gpus: readonly GpuIdentity[];
  readonly first_ns: bigint;
  readonly zoned: boolean;
  readonly resolution_ms: number;
}

/** @throws ForensicsError 'bad-record' for a cell that makes no sense, for mixed kinds of time, and for no samples at all. */
export const readSamples = (table: Table, layout: Layout, source: string, counter: WarningCounter): Unplaced => {
  const [samples, ns, line, gpu] = [new GpuSamples(), new NumberColumn(), new NumberColumn(), new NumberColumn()];
  const register = new GpuRegister(layout.identity);
  let first: Timestamp | undefined;
  for (const tableRow of table.rows) {
    const stamp = stampOf(tableRow, layout, source);
    if (stamp === undefined) continue;
    first ??= stamp;
    if (stamp.zoned !== first.zoned)
      throw badRecord(placeOf(tableRow, source), 'this time has a zone and others have none, or the reverse', MEND);
    samples.add(readSample(tableRow, layout, source, counter));
    // Exact for a hundred days.
    ns.push(Number(stamp.ns - first.ns));
    line.push(tableRow.line);
    gpu.push(register.numberOf(tableRow.cells));
  }
  if (first === undefined)
    throw badRecord({ source }, 'the file holds no complete sample', 'Let nvidia-smi run for longer, with -lms 100.');
  return {
    samples,
    ns,
    line,
    gpu,
    gpus: register.all,
    first_ns: first.ns,
    zoned: first.zoned,
    resolution_ms: first.resolution_ms,
  };
};

const MEND = 'Mend or delete this line.';
const placeOf = ({ line }: TableRow, source: string) => ({ source, line, field: 'timestamp' });

/** Undefined for a last line that is cut off in what tells when or which GPU. */
const stampOf = (tableRow: TableRow, { time, identity }: Layout, source: string): Timestamp | undefined => {
  const last = tableRow.cells.length - 1;
  if (tableRow.cut && [time, ...Object.values(identity)].some(column => column?.index === last)) return undefined;
  const cell = tableRow.cells[time?.index ?? -1] ?? '';
  const stamp = parseTimestamp(cell);
  if (stamp === undefined) throw badRecord(placeOf(tableRow, source), `${quote(cell)} is not a time`, MEND);
  return stamp;
};

const readSample = (tableRow: TableRow, layout: Layout, source: string, counter: WarningCounter): GpuSampleRow => {
  const name = layout.name === undefined ? '' : (tableRow.cells[layout.name.index] ?? '');
  const row: GpuSampleRow = { ...EMPTY_GPU, name: isMissing(name) ? null : name, event_reasons: reasonsOf(tableRow, layout, source) };
  for (const field of QUANTITY_FIELDS) row[field] = quantityOf(field, tableRow, layout, source, counter);
  return row;
};

const quantityOf = (
  field: QuantityField,
  { cells, line }: TableRow,
  layout: Layout,
  source: string,
  counter: WarningCounter,
): number | null => {
  const [best] = layout.quantities[field];
  for (const column of layout.quantities[field]) {
    const cell = cells[column.index] ?? '';
    const value = parseQuantity(cell, column.unit, QUANTITIES[field].unit);
    if (value === undefined)
      throw badRecord({ source, line, field: column.name }, `${quote(cell)} is not a quantity in ${QUANTITIES[field].unit}`, MEND);
    if (value === null) continue;
    if (!isPossible(field, value)) throw badRecord({ source, line, field: column.name }, `no GPU shows ${quote(cell)}`, MEND);
    if (column !== best) counter.note(`${best?.name} is missing; ${column.name} was taken instead`, line);
    return value;
  }
  return null;
};

const reasonsOf = ({ cells, line }: TableRow, { reasons }: Layout, source: string): number | null => {
  const { mask, bad } = readReasons(cells, reasons);
  if (bad === undefined) return mask;
  const cell = reasons.find(column => column.name === bad)?.index ?? -1;
  throw badRecord({ source, line, field: bad }, `${quote(cells[cell])} is neither a bit mask nor Active or Not Active`, MEND);
};
