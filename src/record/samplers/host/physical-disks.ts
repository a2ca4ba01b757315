import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const isHidden = (folder: string): boolean => {
  try {
    return readFileSync(join(folder, 'hidden'), 'latin1').trim() === '1';
  } catch {
    // Kernels before 4.15 have no such file, and hide none.
    return false;
  }
};

/**
 * Names of the disks that have a device behind them: no partitions, loops, RAM disks, nor what is laid over others (RAID,
 * device mapper). One path of several to the same disk is hidden, and would count twice.
 */
export function physicalDisks(root = '/'): ReadonlySet<string> {
  const folder = join(root, 'sys/block');
  if (!existsSync(folder)) return new Set();
  return new Set(readdirSync(folder).filter(name => existsSync(join(folder, name, 'device')) && !isHidden(join(folder, name))));
}
