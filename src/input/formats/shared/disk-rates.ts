import type { Rates } from '#input/series/host-series';

/** What sysstat calls the columns of a disk, by version and option, and how many sectors (512 bytes) or reads one of them is. */
const COLUMNS: Readonly<Record<string, { readonly counter: keyof Rates; readonly scale: number }>> = {
  'r/s': { counter: 'disk_reads', scale: 1 },
  'w/s': { counter: 'disk_writes', scale: 1 },
  'rkB/s': { counter: 'disk_read_sectors', scale: 2 },
  'rMB/s': { counter: 'disk_read_sectors', scale: 2048 },
  'rsec/s': { counter: 'disk_read_sectors', scale: 1 },
  'kB_read/s': { counter: 'disk_read_sectors', scale: 2 },
  'MB_read/s': { counter: 'disk_read_sectors', scale: 2048 },
  'Blk_read/s': { counter: 'disk_read_sectors', scale: 1 },
  rkB: { counter: 'disk_read_sectors', scale: 2 },
  'wkB/s': { counter: 'disk_write_sectors', scale: 2 },
  'wMB/s': { counter: 'disk_write_sectors', scale: 2048 },
  'wsec/s': { counter: 'disk_write_sectors', scale: 1 },
  'kB_wrtn/s': { counter: 'disk_write_sectors', scale: 2 },
  'MB_wrtn/s': { counter: 'disk_write_sectors', scale: 2048 },
  'Blk_wrtn/s': { counter: 'disk_write_sectors', scale: 1 },
  wkB: { counter: 'disk_write_sectors', scale: 2 },
  // A share of the time: 1 % is 10 ms a second.
  util: { counter: 'disk_io_ms', scale: 10 },
  '%util': { counter: 'disk_io_ms', scale: 10 },
  'util-percent': { counter: 'disk_io_ms', scale: 10 },
};

/** Devices that lie over others, or over memory: their traffic is that of a disk counted again, or of none. */
const NO_DISK = /^(?:loop|ram|zram|dm-|md|sr|fd)\d/;
/** sda1 of sda; nvme0n1p2 of nvme0n1. */
const PARTITION = /^(.*?[a-z])\d{1,3}$|^(.*\d)p\d{1,3}$/;

export const DISK_LIMIT =
  'Disks are added up; partitions, and loop, RAM, RAID and mapped devices are left out, since they would count twice.';

/** A disk's columns by name. */
export type DiskColumns = Readonly<Record<string, number>>;

/** Whether a device counts: not a partition of another of them, nor one that lies over disks or over memory. */
export const isDisk = (name: string, all: { readonly has: (name: string) => boolean }): boolean =>
  !NO_DISK.test(name) && !all.has(wholeDisk(name));

/** Rates of all disks together; nothing where there is no disk. */
export const diskRates = (devices: ReadonlyMap<string, DiskColumns>): Rates => {
  const rates: Rates = {};
  const add = (counter: keyof Rates, amount: number) => {
    rates[counter] = (rates[counter] ?? 0) + amount;
  };
  for (const [name, columns] of devices) {
    if (!isDisk(name, devices)) continue;
    for (const [column, value] of Object.entries(columns)) {
      const known = Object.hasOwn(COLUMNS, column) ? COLUMNS[column] : undefined;
      if (known !== undefined) add(known.counter, value * known.scale);
    }
    // The mean wait of a read times the reads is what they waited together.
    const { 'r/s': reads, r_await: wait } = columns;
    if (reads !== undefined && wait !== undefined) add('disk_read_ms', reads * wait);
  }
  return rates;
};

const wholeDisk = (name: string): string => {
  const [, letters, numbered] = PARTITION.exec(name) ?? [];
  return letters ?? numbered ?? '';
};
