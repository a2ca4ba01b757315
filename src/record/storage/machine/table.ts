import { readFileSync } from 'node:fs';
import { statsOf } from '#core/stats-of';

/** A table that a sampler of ours wrote: a header, and rows that begin with their time. */
export interface Table {
  readonly rows: readonly (readonly string[])[];
  /** Null where the column or the value is missing. */
  value(row: readonly string[], column: string): number | null;
}

/** Undefined where there is no such file. A last row that was cut off is left out. */
export function readTable(file: string): Table | undefined {
  if (statsOf(file)?.isFile() !== true) return undefined;
  const lines = readFileSync(file, 'latin1').split('\n');
  const columns = lines.shift()?.split(',') ?? [];
  const rows = lines.slice(0, -1).map(line => line.split(','));
  const at = new Map(columns.map((name, i) => [name, i]));
  return {
    rows: rows.filter(row => row.length === columns.length),
    value: (row, column) => {
      const text = row[at.get(column) ?? -1] ?? '';
      return text === '' ? null : Number(text);
    },
  };
}
