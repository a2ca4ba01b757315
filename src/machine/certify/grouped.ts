import { group } from 'd3-array';
import { medianOf } from '#core/math/median';
import type { MeasurementRow } from '#schema/measurement';
import type { Timed } from './hockney.ts';
import { isTogether, subjectOf } from './subject.ts';

/** A row with a figure. */
export type Figure = MeasurementRow & { readonly value: number };

export const isFigure = (row: MeasurementRow): row is Figure => row.what !== 'check' && row.value !== null;

/** A test of products, collectives and the like is a thing of its own; copies are one thing, however a tool makes them. */
const namesTest = (row: MeasurementRow): boolean => !row.what.endsWith('-copy') || isTogether(row);

/** One thing that a machine can be judged by: figures of one key are several measurements of it. */
const keyOf = (row: MeasurementRow): string =>
  JSON.stringify([
    row.what,
    namesTest(row) ? row.test : '',
    subjectOf(row),
    row.what === 'matmul' || row.what === 'burn' ? row.precision : null,
    isTogether(row),
  ]);

/** Figures by what they are of, in the order of the files. */
export const byThing = (rows: readonly MeasurementRow[]): ReadonlyMap<string, Figure[]> => group(rows.filter(isFigure), keyOf);

/** Of a latency the shortest, of anything else the greatest. */
export const bestOf = (figures: readonly Figure[]): Figure | undefined =>
  figures.reduce<Figure | undefined>((best, f) => {
    if (best === undefined) return f;
    return (f.unit === 'ns' ? f.value < best.value : f.value > best.value) ? f : best;
  }, undefined);

const BYTES_PER_US_PER_GB_S = 1000;

/** Times by size, the median where a size was measured several times; a time that a tool does not give follows from its bandwidth. */
export function timesBySize(figures: readonly Figure[]): Timed[] {
  const told = figures.flatMap(({ bytes, time_us, value }) => {
    const us = time_us ?? (bytes === null ? 0 : bytes / (value * BYTES_PER_US_PER_GB_S));
    return bytes !== null && bytes > 0 && us > 0 && Number.isFinite(us) ? [{ bytes, us }] : [];
  });
  return [...group(told, t => t.bytes)]
    .map(([bytes, same]) => ({ bytes, us: medianOf(same.map(t => t.us)) }))
    .toSorted((a, b) => a.bytes - b.bytes);
}
