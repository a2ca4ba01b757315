import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '#core/units';
import { isRecording } from './recording.ts';

/** What is compressed comes out up to so many times as large, and recordings of nsys as exports. */
const PACKED_RATIO = 30;
const PACKED = /\.(gz|xz|zst|zstd)$/i;
/** A folder of captures holds their folders; below those nothing is read. */
const DEPTH = 2;

/** Bytes that are read where words of a command line name files or folders, at most; words that name none have none. */
export function bytesNamed(words: readonly string[]): Bytes {
  return words.reduce((sum, word) => sum + bytesBelow(word.replace(/^--[\w-]+=/, ''), DEPTH), 0);
}

function bytesBelow(path: string, depth: number): Bytes {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() === true) return stats.size * (PACKED.test(path) || isRecording(path) ? PACKED_RATIO : 1);
    if (stats?.isDirectory() !== true || depth === 0) return 0;
    return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name), depth - 1), 0);
  } catch {
    // What cannot be read here is refused by whoever reads it.
    return 0;
  }
}
