import { join } from 'node:path';
import { AppendFile } from '#record/samplers/append-file';
import { Cadence } from '#record/samplers/cadence';
import { EpochClock } from '#record/samplers/epoch-clock';
import { every } from '#record/samplers/every';
import { samplerOf } from '#record/samplers/lifecycle';
import type { Sampler, Tell } from '#record/samplers/sampler';

/** Counters of the kernel that are written as rows of a table. */
export interface Counters {
  readonly id: 'disks' | 'paging';
  readonly columns: readonly string[];
  /** The rows of one sample. @throws what the file system throws */
  readonly read: () => readonly (readonly (string | number)[])[];
}

/** Writes counters into ID.csv, at fixed times, each row with the time in nanoseconds since 1970. */
export const csvSampler = (counters: Counters, intervalMs: number, tell: Tell): Sampler =>
  samplerOf(counters.id, tell, notes => {
    const name = `${counters.id}.csv`;
    const cadence = new Cadence();
    let file: AppendFile | undefined;
    let halt = () => {};
    return {
      begin: async folder => {
        let failure: string | undefined;
        // What cannot be read is known before a file is made.
        counters.read();
        const out = await AppendFile.open(join(folder, name), reason => {
          failure = `${name} ends early: ${reason}`;
          halt();
          notes.add(failure);
        });
        file = out;
        const clock = new EpochClock();
        const sample = () => {
          const now = clock.now();
          out.write(
            counters
              .read()
              .map(row => `${now},${row.join(',')}\n`)
              .join(''),
            1,
          );
          cadence.add(Number(now / 1000n) / 1000);
        };
        out.write(`time_ns,${counters.columns.join(',')}\n`);
        sample();
        halt = every(intervalMs, sample);
        await out.flush();
        return failure;
      },
      running: () => file?.sound === true,
      progress: () => `${file?.samples ?? 0} samples`,
      finish: async () => {
        halt();
        await file?.close();
        for (const sentence of cadence.shortfalls(`samples of ${name}`, intervalMs)) notes.add(sentence);
        return {
          file: file === undefined || file.samples === 0 ? null : name,
          samples: file?.samples ?? 0,
          interval_asked_ms: intervalMs,
          interval_median_ms: cadence.medianMs(),
          zone_hours: null,
        };
      },
    };
  });
