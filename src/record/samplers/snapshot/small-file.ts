import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads small files below a root; one that cannot be read is undefined. */
export const smallFiles =
  (root: string) =>
  (path: string): string | undefined => {
    try {
      return readFileSync(join(root, path), 'utf8').trim();
    } catch {
      return undefined;
    }
  };
export type ReadSmall = ReturnType<typeof smallFiles>;

/** A whole number that stands alone in a file; null for anything else, such as `max`. */
export const wholeNumber = (text: string | undefined): number | null => (text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null);
