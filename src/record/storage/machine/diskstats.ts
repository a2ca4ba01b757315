import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { physicalDisks } from '#record/samplers/host/physical-disks';
import type { Counters } from './csv-sampler.ts';

/** Fields of a line of /proc/diskstats, counted from 0 (Documentation/admin-guide/iostats.rst); a sector is 512 bytes. */
const FIELDS = {
  reads: 3,
  read_sectors: 5,
  read_ms: 6,
  writes: 7,
  write_sectors: 9,
  write_ms: 10,
  in_flight: 11,
  io_ms: 12,
  queue_ms: 13,
} as const;
type Field = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Field[];

/** Counters of one disk since the machine was started. */
export type DiskLine = Readonly<Record<Field, number>> & { readonly device: string };

/** The disks that are looked at: those with a device behind them, and one that was named. */
export const disksHere = (named: string | undefined, root = '/'): ReadonlySet<string> =>
  new Set([...physicalDisks(root), ...(named === undefined ? [] : [named])]);

export function diskLines(text: string, disks: ReadonlySet<string>): DiskLine[] {
  return text.split('\n').flatMap(line => {
    const fields = line.trim().split(/\s+/);
    const device = fields[2];
    if (device === undefined || !disks.has(device)) return [];
    const values = Object.fromEntries(NAMES.map(name => [name, Number(fields[FIELDS[name]] ?? 0)])) as Record<Field, number>;
    return [{ device, ...values }];
  });
}

/** What /proc/diskstats says now. */
export const readDisks = (disks: ReadonlySet<string>, root = '/'): DiskLine[] =>
  diskLines(readFileSync(join(root, 'proc/diskstats'), 'latin1'), disks);

/** disks.csv: a row a disk. */
export const diskCounters = (disks: ReadonlySet<string>, root = '/'): Counters => ({
  id: 'disks',
  columns: ['device', ...NAMES],
  read: () => readDisks(disks, root).map(line => [line.device, ...NAMES.map(name => line[name])]),
});
