import { readFileSync } from 'node:fs';
import { ForensicsError } from '#core/errors';

/** The text of a file that an option names. @throws ForensicsError not-found */
export function textIn(path: string, after: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ForensicsError('not-found', `${path} cannot be read`, `Check the path after ${after}.`);
  }
}
