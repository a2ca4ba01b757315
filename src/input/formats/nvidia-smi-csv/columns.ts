import type { GpuSampleRow } from '#schema/relation';
import { type Column, parseHeading } from './column.ts';
import { type IdentityColumns, identityColumns } from './gpu-identity.ts';

/** A field of our relation that is a number with a unit. */
export type QuantityField = Exclude<keyof GpuSampleRow, 't_ms' | 'gpu' | 'name' | 'event_reasons'>;

/** For each number: the query fields it can come from, the best first, and the unit that `nounits` leaves out. */
export const QUANTITIES = {
  power_w: { from: ['power.draw.instant', 'power.draw', 'power.draw.average'], unit: 'W' },
  power_limit_w: { from: ['enforced.power.limit', 'power.limit'], unit: 'W' },
  sm_clock_mhz: { from: ['clocks.current.sm', 'clocks.sm', 'clocks.current.graphics', 'clocks.gr'], unit: 'MHz' },
  mem_clock_mhz: { from: ['clocks.current.memory', 'clocks.mem'], unit: 'MHz' },
  temperature_c: { from: ['temperature.gpu'], unit: 'C' },
  utilization_pct: { from: ['utilization.gpu'], unit: '%' },
  memory_used_mib: { from: ['memory.used'], unit: 'MiB' },
} as const satisfies Record<QuantityField, { from: readonly string[]; unit: string }>;

export const QUANTITY_FIELDS = Object.keys(QUANTITIES) as readonly QuantityField[];

const NAMES = ['name', 'gpu_name'] as const;

const REASON = /^clocks_(?:event|throttle)_reasons\.(\w+)$/;
const TELLTALE =
  /^(?:power\.|enforced\.power|clocks\.|clocks_(?:event|throttle)_reasons|temperature\.|utilization\.|memory\.|pcie\.|ecc\.|fan\.speed$|pstate$)/;

/** Where in a line each thing is. */
export interface Layout {
  readonly time: Column | undefined;
  readonly identity: IdentityColumns;
  readonly name: Column | undefined;
  readonly quantities: Readonly<Record<QuantityField, readonly Column[]>>;
  readonly reasons: readonly (Column & { readonly reason: string })[];
}

/** Whether these are headings of `nvidia-smi --query-gpu`: at least one field that no other tool names so. */
export const isHeader = (cells: readonly string[]): boolean => cells.some((cell, i) => TELLTALE.test(parseHeading(cell, i).name));

export const layOut = (headings: readonly string[]): Layout => {
  const columns = headings.map(parseHeading);
  const all = (names: readonly string[]) => names.flatMap(name => columns.find(column => column.name === name) ?? []);
  const quantities = Object.fromEntries(QUANTITY_FIELDS.map(field => [field, all(QUANTITIES[field].from)]));
  return {
    time: all(['timestamp'])[0],
    identity: identityColumns(names => all(names)[0]),
    name: all(NAMES)[0],
    quantities: quantities as Record<QuantityField, Column[]>,
    reasons: columns.flatMap(column => {
      const reason = REASON.exec(column.name)?.[1];
      return reason === undefined ? [] : [{ ...column, reason }];
    }),
  };
};
