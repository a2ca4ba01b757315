import type { Column } from './column.ts';
import { isMissing } from './quantity.ts';

/** The columns that say which GPU a line is about. */
export interface IdentityColumns {
  readonly index: Column | undefined;
  readonly bus: Column | undefined;
  readonly uuid: Column | undefined;
  /** Of the board, which may hold two GPUs. */
  readonly serial: Column | undefined;
}

/** What a file says of which GPU it is; undefined where it does not. */
export type GpuIdentity = { readonly [K in keyof IdentityColumns]: string | undefined };

const NAMES = {
  index: ['index'],
  bus: ['pci.bus_id', 'gpu_bus_id'],
  uuid: ['uuid', 'gpu_uuid'],
  serial: ['serial', 'gpu_serial'],
} as const satisfies Record<keyof IdentityColumns, readonly string[]>;

/** @param find the column of the first of some names that is there */
export const identityColumns = (find: (names: readonly string[]) => Column | undefined): IdentityColumns => ({
  index: find(NAMES.index),
  bus: find(NAMES.bus),
  uuid: find(NAMES.uuid),
  serial: find(NAMES.serial),
});

/** The GPUs of a file in the order in which they appear: by UUID where there is one, since two machines share index and address. */
export class GpuRegister {
  readonly all: GpuIdentity[] = [];
  readonly #columns: IdentityColumns;
  readonly #numbers = new Map<string, number>();

  constructor(columns: IdentityColumns) {
    this.#columns = columns;
  }

  /** Number of the line's GPU in `all`. */
  numberOf(cells: readonly string[]): number {
    const own = this.#identityIn(cells);
    const place = `${own.bus ?? ''}|${own.index ?? ''}|${own.bus === undefined && own.index === undefined ? (own.serial ?? '') : ''}`;
    // A GPU that fell off its bus keeps its place and loses its UUID.
    const key = own.uuid ?? place;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.all.push(own) - 1;
    this.#numbers.set(key, number);
    if (!this.#numbers.has(place)) this.#numbers.set(place, number);
    return number;
  }

  #identityIn(cells: readonly string[]): GpuIdentity {
    const told = (column: Column | undefined) => {
      const cell = column === undefined ? undefined : cells[column.index];
      return cell === undefined || isMissing(cell) ? undefined : cell;
    };
    const { index, bus, uuid, serial } = this.#columns;
    // What is no index is refused by whoever numbers the GPUs: it must be seen.
    return { index: index === undefined ? undefined : cells[index.index], bus: told(bus), uuid: told(uuid), serial: told(serial) };
  }
}
