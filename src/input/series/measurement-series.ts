import { badRecord } from '#input/text/bad-record';
import type { MeasurementRow } from '#schema/measurement';
import type { MeasurementSeries } from '#schema/relation';
import { assertOneResult } from './one-result.ts';

interface Told {
  readonly limits: readonly string[];
  readonly warnings: readonly string[];
}

/** A row of which nothing is known but what it is about: importers say what they read. */
export const UNMEASURED: Omit<MeasurementRow, 'what' | 'test'> = {
  ...{ gpu_model: null, from: null, to: null, both_ways: false, ranks: null, precision: null },
  ...{ bytes: null, time_us: null, value: null, unit: '', passed: null, detail: null },
};

/**
 * What tests of a machine found. Such files have no times that anything else could be laid over.
 * @throws ForensicsError 'bad-record' when there is no figure, with `hint`
 */
export const measurementSeries = (
  format: string,
  rows: readonly MeasurementRow[],
  told: Told,
  source: string,
  hint: string,
): MeasurementSeries => {
  assertOneResult(
    rows.map(row => JSON.stringify(row)),
    source,
  );
  if (rows.length === 0) throw badRecord({ source }, 'the file holds no figure that can be used', hint);
  return { kind: 'measurements', format, clock: { kind: 'none' }, origin_ns: 0n, rows, ...told };
};
