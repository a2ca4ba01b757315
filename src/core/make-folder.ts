import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { statsOf } from './stats-of.ts';

/**
 * Makes a folder and those above it that are missing, one by one: Node's own `recursive` asks for ever where a folder is there and takes
 * none (/proc).
 * @param mode as of mkdir, of the folder itself
 * @throws the error of the system that says why it cannot be made
 */
export function makeFolder(path: string, mode?: number): void {
  const folder = resolve(path);
  if (statsOf(folder)?.isDirectory() === true) return;
  const above = dirname(folder);
  if (statsOf(above) === undefined && above !== folder) makeFolder(above);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (statsOf(folder)?.isDirectory() !== true) throw error;
  }
}
