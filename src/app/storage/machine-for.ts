import { join, resolve } from 'node:path';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import type { Target as FioTarget } from '#record/storage/contention/fio';
import { diskOf } from '#record/storage/machine/device-of';
import { whyNotCompacted, whyNotDropped } from '#record/storage/quiet/page-cache';
import type { Experiment } from './read-config.ts';

/** What fio reads, in the folder of the config. */
const CONTENDED_FILE = 'forensics-contention.bin';

/** What the config asks of the system that it does not let us do. @throws ForensicsError unsupported */
export function assertPermitted({ config, plan }: Experiment): void {
  const drop = plan.steps.some(step => step.drop === 'all') ? whyNotDropped() : undefined;
  if (drop !== undefined)
    throw new ForensicsError(
      'unsupported',
      `the page cache may not be dropped: ${drop}`,
      'Run this as root, or set quiescence.drop to "adapters" or "none".',
    );
  const compact = config.quiescence.compact ? whyNotCompacted() : undefined;
  if (compact !== undefined)
    throw new ForensicsError(
      'unsupported',
      `memory may not be compacted: ${compact}`,
      'Run this as root, or set quiescence.compact to false.',
    );
}

/** The disk behind the files of an experiment, unless the config names it. */
export function deviceOf({ config, folder, adapters }: Experiment): string | undefined {
  const weights = [...adapters.values()].flat().flatMap(({ file }) => file ?? []);
  const places = [...weights.slice(0, 1), ...(config.contention === undefined ? [] : [resolve(folder, config.contention.folder)])];
  return config.device ?? places.map(place => diskOf(place)).find(disk => disk !== undefined);
}

/** Where fio is to read; undefined where no step wants it. @throws ForensicsError not-found */
export function fioTarget({ config, folder, plan }: Experiment): FioTarget | undefined {
  if (config.contention === undefined || plan.steps.every(step => step.contention === null)) return undefined;
  const place = resolve(folder, config.contention.folder);
  if (statsOf(place)?.isDirectory() !== true)
    throw new ForensicsError('not-found', `${place} is no folder`, 'Name a folder on the disk to be loaded in contention.folder.');
  return { file: join(place, CONTENDED_FILE), size_mib: config.contention.size_mib };
}
