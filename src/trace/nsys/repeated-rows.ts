import { type ColumnData, columnAt, intAt } from '#core/columns';

/** Bits of the sieve for each row: one row in sixteen is then looked at a second time. */
const BITS_A_ROW = 16;
/** Rows of one key that a row is compared with: keys that many rows share are a hostile file's. */
const MOST_COMPARED = 64;

/** One bit for each key. */
const sieve = (bits: number) => new Int32Array(Math.ceil(bits / 32));
const isSet = (of: Int32Array, key: number) => (intAt(of, key >>> 5) & (1 << (key & 31))) !== 0;
const set = (of: Int32Array, key: number) => {
  of[key >>> 5] = intAt(of, key >>> 5) | (1 << (key & 31));
};

const isSame = (columns: readonly ColumnData[], a: number, b: number): boolean => columns.every(column => Object.is(column[a], column[b]));

/**
 * The rows that repeat an earlier one in each column. nsys writes rows in order of their starts, and then only neighbours need be
 * compared; rows in another order are sieved first.
 * @param columns the first three are starts, ends, and what tells rows of the same times apart
 */
export function repeatedRows(columns: readonly ColumnData[], n: number): readonly number[] {
  const [starts] = columns;
  const repeated: number[] = [];
  for (let row = 1; row < n; row++) {
    const start = columnAt(starts, row);
    const before = columnAt(starts, row - 1);
    if (start < before) return sieved(columns, n);
    if (start > before) continue;
    for (let other = row - 1; other >= Math.max(0, row - MOST_COMPARED) && columnAt(starts, other) === start; other--)
      if (isSame(columns, other, row)) {
        repeated.push(row);
        break;
      }
  }
  return repeated;
}

/** As above, for rows in any order: one bit for each start, end and identity tells which rows must be compared at all. */
function sieved(columns: readonly ColumnData[], n: number): readonly number[] {
  const [starts, ends, ids] = columns;
  const bits = 2 ** Math.ceil(Math.log2(BITS_A_ROW * Math.max(2, n)));
  const keys = new Int32Array(n);
  const seen = sieve(bits);
  const doubtful = sieve(bits);
  let isAny = false;
  for (let row = 0; row < n; row++) {
    const start = columnAt(starts, row);
    // Both halves of a time count: sessions last longer than 2^32 ns.
    const time =
      Math.imul(start | 0, 0x9e3779b1) ^ Math.imul((start / 2 ** 32) | 0, 0x85ebca6b) ^ Math.imul(columnAt(ends, row) | 0, 0xc2b2ae35);
    const mixed = time ^ Math.imul(columnAt(ids, row) | 0, 0x27d4eb2f);
    const key = (mixed ^ (mixed >>> 15)) & (bits - 1);
    keys[row] = key;
    if (isSet(seen, key)) {
      set(doubtful, key);
      isAny = true;
    } else set(seen, key);
  }
  return isAny ? repeatedAmong(columns, keys, doubtful) : [];
}

/** Compares the rows whose keys fell together. */
function repeatedAmong(columns: readonly ColumnData[], keys: Int32Array, doubtful: Int32Array): readonly number[] {
  const kept = new Map<number, number[]>();
  const repeated: number[] = [];
  for (const [row, key] of keys.entries()) {
    if (!isSet(doubtful, key)) continue;
    const before = kept.get(key);
    if (before === undefined) kept.set(key, [row]);
    else if (before.some(other => isSame(columns, other, row))) repeated.push(row);
    else if (before.length < MOST_COMPARED) before.push(row);
  }
  return repeated;
}
