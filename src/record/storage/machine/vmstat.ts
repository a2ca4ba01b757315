import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Counters } from './csv-sampler.ts';

/**
 * Of /proc/vmstat what tells of paging: pages read from and written to disks (pgpgin and pgpgout in KiB), swap, faults that waited for a disk, pages that
 * reclaim looked at and took, and pages that were taken and wanted again (workingset_refault).
 */
const NAMES = [
  'pgpgin',
  'pgpgout',
  'pswpin',
  'pswpout',
  'pgmajfault',
  'pgscan_kswapd',
  'pgscan_direct',
  'pgsteal_kswapd',
  'pgsteal_direct',
  'workingset_refault_anon',
  'workingset_refault_file',
  'nr_file_pages',
  'nr_mapped',
  'nr_dirty',
] as const;

/** paging.csv: counters by their names in /proc/vmstat; empty where this kernel has no such one. The last three are no counters but pages now. */
export const pagingCounters = (root = '/'): Counters => ({
  id: 'paging',
  columns: NAMES,
  read: () => {
    const told = new Map(
      readFileSync(join(root, 'proc/vmstat'), 'latin1')
        .split('\n')
        .map(line => line.split(' '))
        .map(([name = '', value = '']) => [name, value]),
    );
    return [NAMES.map(name => told.get(name) ?? '')];
  },
});
