import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { statsOf } from '#core/stats-of';

/** How the kernel packs the numbers of a device into one (glibc, gnu_dev_major and gnu_dev_minor). */
const numbersOf = (dev: number): string => {
  const all = BigInt(dev);
  const major = ((all >> 8n) & 0xfffn) | ((all >> 32n) & ~0xfffn);
  const minor = (all & 0xffn) | ((all >> 12n) & ~0xffn);
  return `${major}:${minor}`;
};

/** The disk that holds a path, as sda or nvme0n1; undefined for a path on none, as in an overlay of a container. */
export function diskOf(path: string, root = '/'): string | undefined {
  const stats = statsOf(path);
  if (stats === undefined) return undefined;
  const link = join(root, 'sys/dev/block', numbersOf(stats.dev));
  if (!existsSync(link)) return undefined;
  const place = realpathSync(link);
  return existsSync(join(place, 'partition')) ? basename(dirname(place)) : basename(place);
}
