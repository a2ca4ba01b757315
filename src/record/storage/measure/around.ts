import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ms } from '#core/units';
import { makeSamplers } from '#record/samplers/make-samplers';
import type { Sampler } from '#record/samplers/sampler';
import { type Looked, readCounters } from '#record/storage/machine/counters';
import { csvSampler } from '#record/storage/machine/csv-sampler';
import { diskCounters } from '#record/storage/machine/diskstats';
import { figuresOf, type Window } from '#record/storage/machine/figures';
import { iostatSampler } from '#record/storage/machine/iostat-sampler';
import { readTable } from '#record/storage/machine/table';
import { pagingCounters } from '#record/storage/machine/vmstat';
import { StorageCounters, type StorageStepResult } from '#schema/storage-step';

const GPU_INTERVAL_MS = 200;
const silent = () => {};

function samplersFor({ env, disks }: Looked, samplesMs: Ms): Sampler[] {
  return [
    ...makeSamplers({ env, gpuIntervalMs: GPU_INTERVAL_MS, hostIntervalMs: samplesMs, tell: silent }),
    csvSampler(diskCounters(disks), samplesMs, silent),
    csvSampler(pagingCounters(), samplesMs, silent),
    iostatSampler(env, silent),
  ];
}

/**
 * Reads counters before and after some work, and samples the machine meanwhile, into a folder (counters.json, and a file for each sampler).
 * @param note is told what could not be recorded
 * @throws what the work throws; what was recorded until then stays
 */
export async function measureAround(
  folder: string,
  looked: Looked,
  samplesMs: Ms,
  note: (what: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  const missing: string[] = [];
  const reading = () =>
    readCounters(looked, why => {
      if (!missing.includes(why)) missing.push(why);
    });
  const before = await reading();
  const write = (after: StorageCounters['after']) => {
    const counters: StorageCounters = { schema: 'forensics.storage-counters/1', before, after, missing };
    writeFileSync(join(folder, 'counters.json'), `${JSON.stringify(StorageCounters.parse(counters), null, 2)}\n`);
  };
  write(null);
  const samplers = samplersFor(looked, samplesMs);
  await Promise.all(samplers.map(sampler => sampler.start(folder)));
  try {
    await work();
  } finally {
    const summaries = await Promise.all(samplers.map(sampler => sampler.stop()));
    for (const { sampler, missing: lost } of summaries) for (const what of lost) note(`${sampler}: ${what}`);
  }
  write(await reading());
  for (const why of missing) note(why);
}

/** The figures of a window, from the samples in a folder. @param device whose reads are told; undefined: those of all disks together */
export const figuresIn = (folder: string, window: Window, device: string | undefined): NonNullable<StorageStepResult['figures']> =>
  figuresOf({ host: readTable(join(folder, 'host.csv')), disks: readTable(join(folder, 'disks.csv')) }, window, device);
