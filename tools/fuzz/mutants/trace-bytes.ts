import { gzipSync } from 'node:zlib';
import type { Chance } from '../chance.ts';

/** Changes the bytes of a file. */
export type ByteChange = (bytes: Buffer, chance: Chance) => readonly [Buffer, string];

const PAGE = 4096;
/** The header of a SQLite file. */
const HEADER = 100;
const pageOf = (bytes: Buffer, page: number) => bytes.subarray(page * PAGE, (page + 1) * PAGE);

/** Pages in another's place, empty, twice, of noise, too many or too few. */
export const changePages: ByteChange = (bytes, chance) => {
  const pages = Math.max(1, Math.floor(bytes.length / PAGE));
  const [a, b] = [chance.below(pages), chance.below(pages)];
  const copy = Buffer.from(bytes);
  const put = (page: number, content: Uint8Array) => copy.set(content, page * PAGE);
  switch (chance.below(7)) {
    case 0:
    case 1:
      put(a, pageOf(bytes, b));
      put(b, pageOf(bytes, a));
      return [copy, `pages ${a} and ${b} swapped`];
    case 2:
      put(a, Buffer.alloc(Math.min(PAGE, bytes.length - a * PAGE)));
      return [copy, `page ${a} zeroed`];
    case 3:
      put(a, pageOf(bytes, b));
      return [copy, `page ${b} also in the place of page ${a}`];
    case 4:
      put(a, chance.bytes(Math.min(PAGE, bytes.length - a * PAGE)));
      return [copy, `page ${a} of noise`];
    case 5:
      return [bytes.subarray(0, a * PAGE + chance.below(2) * chance.below(PAGE)), `cut off in page ${a}`];
    default:
      return [Buffer.concat([bytes, pageOf(bytes, a)]), `page ${a} once more at the end`];
  }
};

/** A few bytes that are others, in the header, at a page's head, or anywhere; or the whole compressed and then spoilt. */
export const changeBytes: ByteChange = (bytes, chance) => {
  const packed = chance.oneIn(4);
  const copy = packed ? gzipSync(bytes, { level: 1 }) : Buffer.from(bytes);
  const where = [HEADER, copy.length, copy.length, Math.min(copy.length, 20 * PAGE)];
  const range = chance.pick(where);
  const atHead = chance.oneIn(3);
  const places = Array.from({ length: 1 + chance.below(chance.pick([1, 4, 40])) }, () => {
    const at = chance.below(range);
    return atHead && range > PAGE ? Math.floor(at / PAGE) * PAGE + chance.below(16) : at;
  }).filter(at => at < copy.length);
  for (const at of places) copy[at] = chance.oneIn(2) ? chance.below(256) : (copy[at] ?? 0) ^ (1 << chance.below(8));
  return [copy, `bytes ${places.join(', ')}${packed ? ' of the gzipped file' : ''}`];
};
