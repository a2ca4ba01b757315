import type { ColumnData } from '#core/columns';
import type { Bytes } from '#core/units';

/** Which bits of a stored integer a column holds: all; those above some, which read as zero; or `count` of them from one on, as a number of its own (32 at most). */
export type Part = 'whole' | { readonly above: number } | { readonly from: number; readonly count: number };

/** A column to read. */
export interface StoredColumn {
  /** Place among the table's columns, from 0. */
  readonly position: number;
  readonly part: Part;
  readonly type: 'int32' | 'double';
  /** What stands for NULL; undefined where none may be. */
  readonly ifNull: number | undefined;
  /** How many of the lowest bits are zero, where the integer may be beyond 2^53: a double holds it exactly then. */
  readonly zeroBits: number | undefined;
}

type Target = StoredColumn & { readonly slot: number };

/** Where columns of a table go to, by their place in it. */
export interface Layout {
  /** Place of the last that is wanted. */
  readonly last: number;
  /** By place: the one wanted column that it is as a whole; or NOWHERE, or SEVERAL. */
  readonly first: Int8Array;
  readonly into: readonly (readonly Target[])[];
}

/** A column of the table that nobody wants, and one that goes to several columns, or of which a part does. */
const NOWHERE = -1;
const SEVERAL = -2;

/** Lays out what is wanted of a table. */
export function layoutOf(columns: readonly StoredColumn[]): Layout {
  const last = Math.max(...columns.map(c => c.position));
  const into = Array.from({ length: last + 1 }, (_, at) =>
    columns.flatMap((column, slot) => (column.position === at ? [{ ...column, slot }] : [])),
  );
  const first = into.map(([one, ...more]) => (one === undefined ? NOWHERE : more.length > 0 || one.part !== 'whole' ? SEVERAL : one.slot));
  return { last, first: Int8Array.from(first), into };
}

/** Serial types (file format, §2.1): integers of 1, 2, 3, 4, 6 and 8 bytes, a double, the constants 0 and 1. From 12 on: texts and blobs. */
const BYTES_OF = Int8Array.of(0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0);
const NULL = 0;
const FIRST_LENGTHY = 12;
/** An integer of seven bits a byte (§1.6, "varint"). */
const MOST_VARINT_BYTES = 9;
/** The serial type of eight bytes. */
const WIDE = 6;
/** Beyond this a record goes on in another page (§1.6: U − 35). */
const SPILLS_FROM: Bytes = -35;
const LEAF_HEADER: Bytes = 8;

const TWO_32 = 2 ** 32;
const isExact = (value: number): boolean => value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER;

/** An integer that a record holds, by its serial type; NaN where it holds none. */
function integerAt(view: DataView, at: number, type: number): number {
  switch (type) {
    case 1:
      return view.getInt8(at);
    case 2:
      return view.getInt16(at);
    case 3:
      return (view.getInt16(at) << 8) | view.getUint8(at + 2);
    case 4:
      return view.getInt32(at);
    case 5:
      return view.getInt16(at) * TWO_32 + view.getUint32(at + 2);
    case WIDE:
      return view.getInt32(at) * TWO_32 + view.getUint32(at + 4);
    case 8:
      return 0;
    case 9:
      return 1;
    default:
      return Number.NaN;
  }
}

/** Bits of an integer, from its upper and its lowest 32: a double rounds off the lowest of a large one. */
function partOf(part: Exclude<Part, 'whole'>, high: number, low: number): number {
  if ('above' in part) return high * TWO_32 + ((low & (-1 << part.above)) >>> 0);
  const { from, count } = part;
  const shifted = from === 0 ? low : (high << (32 - from)) | (low >>> from);
  return (shifted & (-1 >>> (32 - count))) >>> 0;
}

/**
 * Decodes the rows of leaf pages into columns. Only integers and NULL: whatever else stands where a column is wanted, and whatever is not
 * as the file format says, ends it, and the rows have to be asked for in SQL.
 */
export class LeafDecoder {
  readonly #layout: Layout;
  readonly #view: DataView;

  /** @param bytes the pages that `rows` is asked about */
  constructor(layout: Layout, bytes: Uint8Array) {
    this.#layout = layout;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many rows a page holds, that starts at an offset of the bytes. */
  count(page: number): number {
    return this.#view.getUint16(page + 3);
  }

  /**
   * Reads all rows of a page.
   * @param data columns with room for them from row `n` on
   * @returns how many rows there are then; −1 where one is not plain
   */
  rows(page: number, pageBytes: Bytes, data: readonly ColumnData[], n: number): number {
    const view = this.#view;
    const cells = this.count(page);
    const pageEnd = page + pageBytes;
    if (LEAF_HEADER + 2 * cells > pageBytes) return -1;
    for (let cell = 0; cell < cells; cell++) {
      const pointer = page + LEAF_HEADER + 2 * cell;
      let at = page + view.getUint16(pointer);
      let byte = view.getUint8(at++);
      let payload = byte & 127;
      for (; byte >= 128; payload = payload * 128 + (byte & 127)) byte = view.getUint8(at++);
      for (let more = 1; view.getUint8(at++) >= 128 && more < MOST_VARINT_BYTES; more++);
      if (payload > pageBytes + SPILLS_FROM || at + payload > pageEnd) return -1;
      if (!this.#row(data, n + cell, at, at + payload)) return -1;
    }
    return n + cells;
  }

  /** Reads one record: its header, a serial type for each column, and its values behind. */
  #row(data: readonly ColumnData[], row: number, from: number, end: number): boolean {
    const view = this.#view;
    const { first, last } = this.#layout;
    let at = from;
    let body = from + view.getUint8(at++);
    const headerEnd = body;
    // No table that is read here has a header of over 127 bytes.
    if (body > end || body > from + 127) return false;
    for (let column = 0; column <= last; column++) {
      // A record that is shorter than its table was written before a column was added, which has a value all the same.
      if (at >= headerEnd) return false;
      let type = view.getUint8(at++);
      if (type >= 128) {
        let byte = type;
        type &= 127;
        for (; byte >= 128 && at < headerEnd; type = type * 128 + (byte & 127)) byte = view.getUint8(at++);
      }
      const start = body;
      body += type < FIRST_LENGTHY ? (BYTES_OF[type] as number) : (type - FIRST_LENGTHY) >>> 1;
      if (body > end) return false;
      const slot = first[column] as number;
      if (slot === NOWHERE) continue;
      const value = integerAt(view, start, type);
      if (slot >= 0 && type !== NULL && isExact(value)) (data[slot] as ColumnData)[row] = value;
      else if (!this.#keep(data, row, column, type, start, value)) return false;
    }
    return true;
  }

  /** Keeps what is NULL, beyond 2^53, or goes to several columns. */
  #keep(data: readonly ColumnData[], row: number, column: number, type: number, start: number, value: number): boolean {
    // A text, a blob, a number with a fraction.
    if (type !== NULL && Number.isNaN(value)) return false;
    const into = this.#layout.into[column] ?? [];
    const high = type === WIDE ? this.#view.getInt32(start) : Math.floor(value / TWO_32);
    const low = type === WIDE ? this.#view.getUint32(start + 4) : value >>> 0;
    for (let i = 0; i < into.length; i++) {
      const { slot, part, ifNull, zeroBits } = into[i] as Target;
      let held: number | undefined = value;
      if (type === NULL) held = ifNull;
      else if (part !== 'whole') held = partOf(part, high, low);
      else if (!isExact(value) && (zeroBits === undefined || value % 2 ** zeroBits !== 0)) return false;
      if (held === undefined) return false;
      (data[slot] as ColumnData)[row] = held;
    }
    return true;
  }
}
