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

type AskNvlink = (...args: string[]) => ReturnType<typeof askSmi>;

export interface NvlinkSamplerOptions {
  /** For nvidia-smi: the caller's, with its session tag. */
  readonly env: NodeJS.ProcessEnv;
  readonly tell: Tell;
  readonly intervalMs?: number;
}

/** Traffic and error counters of every NVLink, at the start, at the end and in between. */
export const nvlinkSampler = (options: NvlinkSamplerOptions): Sampler =>
  samplerOf('nvlink', options.tell, notes => nvlinkWork(options, notes));

/** Writes one row for each link whenever it is asked, each row with the middle of the question and its answer as its moment. */
class LinkPolls {
  readonly cadence = new Cadence();
  readonly #ask: AskNvlink;
  readonly #notes: Notes;
  readonly #clock = new EpochClock();
  readonly #file: AppendFile;
  #columns: readonly string[] = [];
  #polling: Promise<void> | undefined;

  constructor(ask: AskNvlink, notes: Notes, file: AppendFile) {
    this.#ask = ask;
    this.#notes = notes;
    this.#file = file;
  }

  /** Polls, or waits for the poll that goes on. */
  once(): Promise<void> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  /** The last poll, after any that goes on. */
  async last(): Promise<void> {
    await this.#polling;
    if (this.#file.sound) await this.#poll();
  }

  async #poll(): Promise<void> {
    const asked = this.#clock.now();
    const traffic = await this.#ask('-gt', 'd');
    const answered = this.#clock.now();
    const errors = await this.#ask('-e');
    const failure = smiFailure(traffic) ?? smiFailure(errors);
    if (failure !== undefined) this.#notes.add(`NVLink counters are missing at times: ${failure}`);
    const rows = linkCounters(traffic.stdout, errors.stdout);
    if (rows.length === 0) return;
    const when = (asked + answered) / 2n;
    if (this.#columns.length === 0) {
      this.#columns = columnsFor(rows);
      this.#file.write(`time_ns,gpu,link,${this.#columns.join(',')}\n`);
    }
    this.#file.write(linkCsv(when, rows, this.#columns), rows.length);
    await this.#file.flush();
    this.cadence.add(Number(when / 1000n) / 1000);
  }
}

function nvlinkWork({ env, intervalMs = INTERVAL_MS }: NvlinkSamplerOptions, notes: Notes) {
  let folder = '';
  let file: AppendFile | undefined;
  let polls: LinkPolls | undefined;
  let halt = () => {};
  const ask: AskNvlink = (...args) => askSmi(['nvlink', ...args], env, PATIENCE_SECONDS);
  return {
    begin: async (into: string) => {
      folder = into;
      const status = await ask('-s');
      const why = smiFailure(status);
      if (why !== undefined) return `${why}: no NVLink counters`;
      if (!linkStatus(status.stdout).some(({ active }) => active > 0)) return 'no NVLink is active here: no NVLink counters';
      let failure: string | undefined;
      file = await AppendFile.open(join(into, FILE), reason => {
        failure = `${FILE} ends early: ${reason}`;
        halt();
        notes.add(failure);
      });
      const each = new LinkPolls(ask, notes, file);
      polls = each;
      await each.once();
      if (failure !== undefined) return failure;
      if (file.samples === 0) notes.add('nvidia-smi gives no counters of these NVLinks');
      halt = every(intervalMs, () => void each.once());
      return undefined;
    },
    running: () => file?.sound === true,
    progress: () => `${file?.samples ?? 0} samples`,
    finish: async () => {
      halt();
      await polls?.last();
      await file?.close();
      const samples = file?.samples ?? 0;
      if (file !== undefined && samples === 0) rmSync(join(folder, FILE), { force: true });
      return {
        file: samples === 0 ? null : FILE,
        samples,
        interval_asked_ms: intervalMs,
        interval_median_ms: polls?.cadence.medianMs() ?? null,
        zone_hours: null,
      };
    },
  };
}
