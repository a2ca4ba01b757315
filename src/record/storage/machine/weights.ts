import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { statsOf } from '#core/stats-of';

/** The files of an adapter's weights: the one that is named, or those in the folder that is named. */
export function weightFiles(path: string): string[] {
  const stats = statsOf(path);
  if (stats?.isFile() === true) return [path];
  if (stats?.isDirectory() !== true) return [];
  return readdirSync(path)
    .map(name => join(path, name))
    .filter(file => statsOf(file)?.isFile() === true)
    .toSorted();
}
