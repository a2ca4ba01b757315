import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from '#app/inputs/scratch';
import { textOf } from '#app/inputs/text-file';
import { assertExists } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import { Snapshot } from '#schema/snapshot';
import { snapshotOfFiles } from './snapshot-of-files.ts';

/** A snapshot of a large machine takes one of these. */
const LARGEST_SNAPSHOT = 64 * 2 ** 20;

function jsonOf(path: string): unknown {
  try {
    return JSON.parse([...textOf(path)].join(''));
  } catch {
    return undefined;
  }
}

/** A snapshot.json. @throws ForensicsError bad-record for what is none */
function readFile(path: string): Snapshot {
  if (statSync(path).size > LARGEST_SNAPSHOT)
    throw new ForensicsError(
      'bad-record',
      `${path} is too large to be a snapshot`,
      'Give a snapshot.json, as forensics snapshot --out wrote it.',
    );
  const found = Snapshot.safeParse(jsonOf(path));
  if (found.success) return found.data;
  const field = found.error.issues[0]?.path.join('.') ?? '';
  throw new ForensicsError(
    'bad-record',
    `${path} is no snapshot as this version writes it${field === '' ? '' : ` (field ${field})`}`,
    'Give a snapshot.json, as forensics snapshot --out wrote it, or the folder of the saved outputs.',
  );
}

/** The snapshot that a capture left in its case; undefined for any other folder. */
function snapshotOfCase(folder: string): string | undefined {
  const file = join(folder, 'snapshot.json');
  return existsSync(join(folder, 'case.json')) && existsSync(file) ? file : undefined;
}

/**
 * A snapshot that was taken before: a snapshot.json, that of a case, or what a folder of saved outputs tells.
 * @throws ForensicsError not-found, bad-record, bad-argument
 */
export async function readSnapshot(path: string, around: Surroundings): Promise<Snapshot> {
  assertExists(path);
  if (!statSync(path).isDirectory()) return readFile(path);
  const ofCase = snapshotOfCase(path);
  return ofCase === undefined ? snapshotOfFiles(path, around) : readFile(ofCase);
}
