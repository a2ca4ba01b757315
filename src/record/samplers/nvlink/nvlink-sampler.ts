import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppendFile } from '../append-file.ts';
import { Cadence } from '../cadence.ts';
import { EpochClock } from '../epoch-clock.ts';
import { every } from '../every.ts';
import { samplerOf } from '../lifecycle.ts';
import type { Notes } from '../notes.ts';
import { askSmi, smiFailure } from '../nvidia-smi.ts';
import type { Sampler, Tell } from '../sampler.ts';
import { columnsFor, linkCounters, linkCsv } from './link-counters.ts';
import { linkStatus } from './link-status.ts';

const FILE = 'nvlink.csv';
/**
 * Every poll starts nvidia-smi twice, and each start holds locks of the driver for some tens of milliseconds, in which the
 * workload's own driver calls may have to wait. The counters add up, so little is lost by asking seldom.
 */
const INTERVAL_MS = 5_000;
const PATIENCE_SECONDS = 10;

export interface NvlinkSamplerOptions {
  /** For nvidia-smi: the caller's, with its session tag. */
  readonly env: NodeJS.ProcessEnv;
  readonly tell: Tell;
  readonly intervalMs?: number;
}

/** Traffic and error counters of every NVLink, at the start, at the end and in between. */
export const nvlinkSampler = (options: NvlinkSamplerOptions): Sampler =>
  samplerOf('nvlink', options.tell, notes => nvlinkWork(options, notes));

function nvlinkWork({ env, intervalMs = INTERVAL_MS }: NvlinkSamplerOptions, notes: Notes) {
  const cadence = new Cadence();
  let folder = '';
  let clock: EpochClock | undefined;
  let file: AppendFile | undefined;
  let columns: readonly string[] = [];
  let polling: Promise<void> | undefined;
  let halt = () => {};

  const ask = (...args: string[]) => askSmi(['nvlink', ...args], env, PATIENCE_SECONDS);
  const poll = async () => {
    const asked = clock?.now() ?? 0n;
    const traffic = await ask('-gt', 'd');
    const answered = clock?.now() ?? 0n;
    const errors = await ask('-e');
    const failure = smiFailure(traffic) ?? smiFailure(errors);
    if (failure !== undefined) notes.add(`NVLink counters are missing at times: ${failure}`);
    const rows = linkCounters(traffic.stdout, errors.stdout);
    if (rows.length === 0) return;
    const when = (asked + answered) / 2n;
    if (columns.length === 0) {
      columns = columnsFor(rows);
      file?.write(`time_ns,gpu,link,${columns.join(',')}\n`);
    }
    file?.write(linkCsv(when, rows, columns), rows.length);
    await file?.flush();
    cadence.add(Number(when / 1000n) / 1000);
  };
  const pollOnce = () => {
    polling ??= poll().finally(() => {
      polling = undefined;
    });
    return polling;
  };
  return {
    begin: async (into: string) => {
      folder = into;
      const status = await ask('-s');
      const why = smiFailure(status);
      if (why !== undefined) return `${why}: no NVLink counters`;
      if (!linkStatus(status.stdout).some(({ active }) => active > 0)) return 'no NVLink is active here: no NVLink counters';
      clock = new EpochClock();
      let failure: string | undefined;
      file = await AppendFile.open(join(into, FILE), reason => {
        failure = `${FILE} ends early: ${reason}`;
        halt();
        notes.add(failure);
      });
      await pollOnce();
      if (failure !== undefined) return failure;
      if (file.samples === 0) notes.add('nvidia-smi gives no counters of these NVLinks');
      halt = every(intervalMs, () => void pollOnce());
      return undefined;
    },
    running: () => file?.sound === true,
    progress: () => `${file?.samples ?? 0} samples`,
    finish: async () => {
      halt();
      await polling;
      if (file?.sound === true) await poll();
      await file?.close();
      const samples = file?.samples ?? 0;
      if (file !== undefined && samples === 0) rmSync(join(folder, FILE), { force: true });
      return {
        file: samples === 0 ? null : FILE,
        samples,
        interval_asked_ms: intervalMs,
        interval_median_ms: cadence.medianMs(),
        zone_hours: null,
      };
    },
  };
}
