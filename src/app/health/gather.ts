import { existsSync, statSync } from 'node:fs';
import { expanded } from '#app/inputs/expanded';
import { readSeries } from '#app/inputs/read-series';
import { type Surroundings, withScratch } from '#app/inputs/scratch';
import { textHeadOf } from '#app/inputs/text-file';
import { readSnapshot } from '#app/snapshot/read-snapshot';
import { takeSnapshot } from '#app/snapshot/take-snapshot';
import { ForensicsError } from '#core/errors';
import { importers } from '#input/formats/index.gen';
import { recognise } from '#input/formats/recognise';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { Snapshot } from '#schema/snapshot';

/** What tells of a machine. */
export interface Evidence {
  readonly snapshot: Pick<Snapshot, 'facts' | 'xids' | 'sources' | 'notes' | 'missing'>;
  readonly files: readonly SeriesFile[];
  /** A folder of a capture, which may hold what its samplers counted. */
  readonly folder: string | undefined;
}

const NOTHING: Evidence['snapshot'] = { facts: [], xids: null, sources: [], notes: [], missing: [] };

/** What a folder holds beside the state of the machine: tests of it, and samples of its GPUs. */
const otherFiles = (folder: string, around: Surroundings): Promise<readonly SeriesFile[]> =>
  withScratch(around, async scratch => {
    const files: SeriesFile[] = [];
    for (const { path } of expanded([folder])) {
      try {
        const content = await scratch.plain(path);
        const kind = recognise(textHeadOf(content), importers)?.kind;
        const file = kind === 'measurements' || kind === 'gpu' ? readSeries(path, content) : undefined;
        if (file !== undefined) files.push(file);
      } catch (error) {
        // The snapshot of the same folder says what it passes over, and why.
        if (!(error instanceof ForensicsError)) throw error;
      }
    }
    return files;
  });

async function readFolder(folder: string, around: Surroundings): Promise<Evidence> {
  const files = await otherFiles(folder, around);
  try {
    return { snapshot: await readSnapshot(folder, around), files, folder };
  } catch (error) {
    // Tests and samples alone tell something as well.
    if (!(error instanceof ForensicsError) || error.code !== 'bad-argument' || files.length === 0) throw error;
    return { snapshot: NOTHING, files, folder };
  }
}

/**
 * Gathers what tells of a machine.
 * @param from a folder of saved outputs, or a snapshot.json; this machine as it is now where undefined
 * @throws ForensicsError not-found; bad-argument where a folder tells nothing of a machine; bad-record
 */
export async function gather(from: string | undefined, cwd: string, around: Surroundings): Promise<Evidence> {
  if (from === undefined) return { snapshot: await takeSnapshot({ env: around.env, cwd }, around.progress), files: [], folder: undefined };
  if (!existsSync(from)) throw new ForensicsError('not-found', `${from} does not exist`, 'Check the path.');
  if (statSync(from).isDirectory()) return readFolder(from, around);
  return { snapshot: await readSnapshot(from, around), files: [], folder: undefined };
}
