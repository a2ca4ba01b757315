import { open } from 'node:fs/promises';
import type { Bytes } from '#core/units';
import { byteSearch } from './byte-search.ts';
import { pause } from './chunks.ts';
import { counts, type Spelling, spellingsOf } from './encodings.ts';
import type { Secret, Secrets } from './secret.ts';

const CHUNK = 8 * 2 ** 20;
/** Shorter ones are found by chance in gigabytes of numbers. */
const SHORTEST_BYTES = 4;
/** Bytes of the character before or after. */
const EDGE = 2;

export interface Scan {
  readonly bytes: Bytes;
  /** Where each secret stands first that must stand nowhere. */
  readonly found: ReadonlyMap<Secret, number>;
  /** Values that are ordinary words, and as such still part of some name. */
  readonly words: ReadonlySet<Secret>;
}

/** Reads a file byte by byte for every secret, in UTF-8 and both byte orders of UTF-16, free space of its pages included. */
export async function scanFile(path: string, secrets: Secrets, signal?: AbortSignal): Promise<Scan> {
  const spellings = secrets.list.flatMap(spellingsOf).filter(s => s.bytes.length >= SHORTEST_BYTES);
  const search = byteSearch(spellings.map(s => s.bytes));
  const overlap = Math.max(0, ...spellings.map(s => s.bytes.length)) + 2 * EDGE;
  const found = new Map<Secret, number>();
  const words = new Set<Secret>();
  const buffer = Buffer.alloc(CHUNK + 2 * overlap);
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    let kept = 0;
    let offset = 0;
    while (offset + kept < size) {
      await pause(signal);
      const { bytesRead } = await file.read(buffer, kept, CHUNK, offset + kept);
      const data = buffer.subarray(0, kept + bytesRead);
      const isLast = bytesRead === 0 || offset + data.length >= size;
      search(data, (k, at) => {
        const spelling = spellings[k] as Spelling;
        // What follows it decides whether it counts: at the end of a piece that comes with the next.
        if (!isLast && at + spelling.bytes.length + EDGE > data.length) return;
        if (!counts(data, at, spelling)) return;
        if (spelling.secret.reach !== 'anywhere') words.add(spelling.secret);
        else if (!found.has(spelling.secret)) found.set(spelling.secret, offset + at);
      });
      if (isLast) return { bytes: offset + data.length, found, words };
      const next = Math.min(overlap, data.length);
      data.copy(buffer, 0, data.length - next);
      offset += data.length - next;
      kept = next;
    }
    return { bytes: offset + kept, found, words };
  } finally {
    await file.close();
  }
}
