import { badRecord } from '#input/text/bad-record';
import type { FactRow, FactSeries } from '#schema/relation';

interface Told {
  readonly limits: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * What holds for a machine while a file was written. The file has no times.
 * @throws ForensicsError 'bad-record' when there is no fact, with `hint`
 */
export const factSeries = (format: string, rows: readonly FactRow[], told: Told, source: string, hint: string): FactSeries => {
  if (rows.length === 0) throw badRecord({ source }, 'the file holds nothing that can be used', hint);
  return { kind: 'facts', format, clock: { kind: 'none' }, origin_ns: 0n, rows, ...told };
};
