import { byteAt } from '#core/columns';
import { type DatabaseFile, readPages } from './database-file.ts';

/** Kinds of pages of a table's b-tree (file format, §1.6). */
export const LEAF = 0x0d;
const INTERIOR = 0x05;
const INTERIOR_HEADER = 12;
/** SQLite itself goes no deeper (BTCURSOR_MAX_DEPTH). */
const DEEPEST = 20;

const uint16 = (b: Uint8Array, at: number): number => (byteAt(b, at) << 8) | byteAt(b, at + 1);
const uint32 = (b: Uint8Array, at: number): number => ((uint16(b, at) << 16) | uint16(b, at + 2)) >>> 0;

/** The pages right below an interior one, in order; undefined where it is damaged. */
function childrenOf(page: Uint8Array, pages: number): readonly number[] | undefined {
  const cells = uint16(page, 3);
  if (INTERIOR_HEADER + 2 * cells > page.length) return undefined;
  const children: number[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const at = uint16(page, INTERIOR_HEADER + 2 * cell);
    if (at + 4 > page.length) return undefined;
    children.push(uint32(page, at));
  }
  children.push(uint32(page, 8));
  return children.every(c => c > 1 && c <= pages) ? children : undefined;
}

/**
 * The pages that hold a table's rows, in the order of the rows.
 * All children of a page are of one kind, so the first tells whether they must be read: of a large table a hundredth of the pages is.
 * @param root the table's first page
 * @returns undefined where the table is none with row ids, or its pages do not form a tree
 */
export function leafPages(file: DatabaseFile, root: number): readonly number[] | undefined {
  const page = new Uint8Array(file.pageBytes);
  const leaves: number[] = [];
  let visited = 0;
  const visit = (number: number, depth: number): boolean => {
    if (depth > DEEPEST || ++visited > file.pages || !readPages(file, number, 1, page)) return false;
    if (page[0] === LEAF) return leaves.push(number) > 0;
    const children = page[0] === INTERIOR ? childrenOf(page, file.pages) : undefined;
    const [first] = children ?? [];
    if (children === undefined || first === undefined || leaves.length + children.length > file.pages) return false;
    if (!readPages(file, first, 1, page)) return false;
    // Whoever decodes them looks again at what each of them is.
    if (page[0] === LEAF) return leaves.push(...children) > 0;
    return children.every(child => visit(child, depth + 1));
  };
  return root > 1 && root <= file.pages && visit(root, 0) ? leaves : undefined;
}
