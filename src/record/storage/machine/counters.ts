import { EpochClock } from '#record/samplers/epoch-clock';
import type { StorageCounters } from '#schema/storage-step';
import { readDisks } from './diskstats.ts';
import { residencyOf, type Weights } from './residency.ts';
import { readSmart } from './smart.ts';

export type CounterReading = StorageCounters['before'];

/** What is looked at before and after a load. */
export interface Looked {
  readonly disks: ReadonlySet<string>;
  /** The disk of the experiment, whose controller is asked; undefined: each of `disks` is. */
  readonly device: string | undefined;
  readonly adapters: readonly Weights[];
  readonly env: NodeJS.ProcessEnv;
}

/** Counters of disks and what the page cache holds, now. Asking takes some tens of milliseconds. @param note is told what cannot be read */
export async function readCounters({ disks, device, adapters, env }: Looked, note: (why: string) => void): Promise<CounterReading> {
  const asked = device === undefined ? [...disks] : [device];
  const [smart, { resident, why }] = await Promise.all([Promise.all(asked.map(disk => readSmart(disk, env))), residencyOf(adapters, env)]);
  if (why !== undefined) note(why);
  for (const told of smart) if ('why' in told) note(told.why);
  return {
    at_ns: String(new EpochClock().now()),
    disks: readDisks(disks).map(({ device: name, reads, read_sectors, read_ms, writes, write_sectors }) => ({
      ...{ device: name, reads, read_sectors, read_ms, writes, write_sectors },
    })),
    smart: smart.flatMap(told => ('why' in told ? [] : [told])),
    residency: resident,
  };
}
