import { join } from 'node:path';
import { AppendFile } from '../append-file.ts';
import { Cadence } from '../cadence.ts';
import { EpochClock } from '../epoch-clock.ts';
import { every } from '../every.ts';
import { samplerOf } from '../lifecycle.ts';
import type { Notes } from '../notes.ts';
import type { Sampler, Tell } from '../sampler.ts';
import { type OpenSources, openSources } from './open-sources.ts';
import { physicalDisks } from './physical-disks.ts';
import { hostSources } from './sources.ts';

const FILE = 'host.csv';

export interface HostSamplerOptions {
  readonly intervalMs: number;
  readonly tell: Tell;
  /** Where /proc and /sys lie; a test has its own. */
  readonly root?: string;
}

/** CPU, disks, paging, memory and pressure of this host, and what throttles this container, read from /proc by this process. */
export const hostSampler = (options: HostSamplerOptions): Sampler => samplerOf('host', options.tell, notes => hostWork(options, notes));

function hostWork({ intervalMs, root = '/' }: HostSamplerOptions, notes: Notes) {
  const cadence = new Cadence();
  let sources: OpenSources | undefined;
  let file: AppendFile | undefined;
  let halt = () => {};

  return {
    begin: async (folder: string) => {
      sources = openSources(hostSources(physicalDisks(root)), root);
      const { columns, missing, read, readable } = sources;
      if (readable === 0) return 'there is no /proc here: no host samples';
      for (const sentence of missing) notes.add(sentence);
      let failure: string | undefined;
      const out = await AppendFile.open(join(folder, FILE), reason => {
        failure = `${FILE} ends early: ${reason}`;
        halt();
        notes.add(failure);
      });
      const clock = new EpochClock();
      const sample = () => {
        const now = clock.now();
        out.write(`${now},${read().join(',')}\n`, 1);
        cadence.add(Number(now / 1000n) / 1000);
      };
      file = out;
      out.write(`time_ns,${columns.join(',')}\n`);
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
      sources?.close();
      for (const sentence of cadence.shortfalls('host samples', intervalMs)) notes.add(sentence);
      return {
        file: file === undefined || file.samples === 0 ? null : FILE,
        samples: file?.samples ?? 0,
        interval_asked_ms: intervalMs,
        interval_median_ms: cadence.medianMs(),
        zone_hours: null,
      };
    },
  };
}
