import { type Stats, statSync } from 'node:fs';
import { ForensicsError } from '#core/errors';

/** Nothing is there: also where a part of the path is a file, or a link that leads in a circle. */
const NOTHING_THERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** What lies at a path; undefined where nothing does. @throws ForensicsError not-readable where that may not be looked at */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
    if (NOTHING_THERE.has(code)) return undefined;
    throw new ForensicsError('not-readable', `${path} cannot be looked at (${code})`, 'Check the permissions of its folder.');
  }
}
