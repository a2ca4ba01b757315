import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '#core/reason-of';
import { AppendFile } from '../append-file.ts';
import { EpochClock } from '../epoch-clock.ts';
import { every } from '../every.ts';
import { samplerOf } from '../lifecycle.ts';
import type { Notes } from '../notes.ts';
import type { Sampler, Tell } from '../sampler.ts';
import { askDmesg } from './dmesg.ts';
import { KernelLog } from './kernel-log.ts';
import { xidIn } from './xids-in.ts';

const FILE = 'xid.csv';
/** How often the kernel's log is looked at, and so how late a stamp may be. The log's own stamps drift by seconds in a month. */
const INTERVAL_MS = 250;

export interface XidSamplerOptions {
  /** For dmesg: the caller's, with its session tag. */
  readonly env: NodeJS.ProcessEnv;
  readonly tell: Tell;
  /** Where /dev and /proc lie; a test has its own. */
  readonly root?: string;
}

/** Errors that the NVIDIA driver reports to the kernel's log (Xid) while it runs. A file without lines means that there were none. */
export const xidSampler = (options: XidSamplerOptions): Sampler => samplerOf('xid', options.tell, notes => xidWork(options, notes));

/** Errors that dmesg tells at the end, where the kernel's messages may not be read as they come. */
class DmesgErrors {
  readonly #env: NodeJS.ProcessEnv;
  /** The newest message that was there at the start. */
  readonly #newest: bigint;
  /** The zero of the kernel's clock, epoch ns. */
  readonly #zero: bigint;

  private constructor(env: NodeJS.ProcessEnv, newest: bigint, zero: bigint) {
    this.#env = env;
    this.#newest = newest;
    this.#zero = zero;
  }

  /** @param refusal why the messages may not be read @returns why dmesg is of no use either */
  static async begin(env: NodeJS.ProcessEnv, now: bigint, refusal: string): Promise<DmesgErrors | string> {
    const messages = await askDmesg(env);
    if (messages === undefined) return `the kernel's messages may not be read here (${refusal}): Xid errors cannot be seen`;
    // Its kernel is its own, and invents its messages.
    if (messages.some(({ text }) => text.includes('gVisor'))) return 'this is a gVisor sandbox: Xid errors cannot be seen';
    let newest = 0n;
    for (const { ns } of messages) if (ns > newest) newest = ns;
    return new DmesgErrors(env, newest, now - process.hrtime.bigint());
  }

  /** What came since, on the epoch. */
  async since(notes: Notes): Promise<readonly { readonly ns: bigint; readonly text: string }[]> {
    const messages = await askDmesg(this.#env);
    if (messages === undefined) notes.add('dmesg gave no answer at the end: Xid errors were not seen');
    return (messages ?? []).flatMap(({ ns, text }) => (ns > this.#newest ? [{ ns: this.#zero + ns, text }] : []));
  }
}

/** The kernel's messages from now on, or why they may not be read. */
function kernelLog(root: string): KernelLog | string {
  try {
    return new KernelLog(join(root, 'dev/kmsg'));
  } catch (error) {
    return reasonOf(error);
  }
}

const summaryOf = (file: AppendFile | undefined) => ({
  file: file === undefined ? null : FILE,
  samples: file?.samples ?? 0,
  interval_asked_ms: null,
  interval_median_ms: null,
  zone_hours: null,
});

function xidWork({ env, root = '/' }: XidSamplerOptions, notes: Notes) {
  let clock: EpochClock | undefined;
  let file: AppendFile | undefined;
  let log: KernelLog | undefined;
  let dmesg: DmesgErrors | undefined;
  let readable = true;
  let halt = () => {};

  const record = (timeNs: bigint, text: string) => {
    const found = xidIn(text);
    if (found === undefined) return;
    file?.write(`${timeNs},${found.pci},${found.xid}\n`, 1);
  };
  const look = () => {
    try {
      for (const line of log?.lines() ?? []) record(clock?.now() ?? 0n, line);
    } catch (error) {
      readable = false;
      halt();
      notes.add(`the kernel's messages could be read no longer (${reasonOf(error)}): later Xid errors are not seen`);
    }
  };
  return {
    begin: async (folder: string) => {
      if (!existsSync(join(root, 'proc/driver/nvidia'))) return 'this kernel has no NVIDIA driver: Xid errors cannot be seen';
      clock = new EpochClock();
      const opened = kernelLog(root);
      if (opened instanceof KernelLog) log = opened;
      else {
        const instead = await DmesgErrors.begin(env, clock.now(), opened);
        if (typeof instead === 'string') return instead;
        dmesg = instead;
        notes.add('Xid errors are taken from dmesg at the end: their stamps may be off by seconds');
      }
      let failure: string | undefined;
      file = await AppendFile.open(join(folder, FILE), reason => {
        failure = `${FILE} ends early: ${reason}`;
        halt();
        notes.add(failure);
      });
      file.write('time_ns,pci,xid\n');
      await file.flush();
      if (failure !== undefined) return failure;
      if (log !== undefined) halt = every(INTERVAL_MS, look);
      return undefined;
    },
    running: () => file?.sound === true && readable,
    progress: () => `${file?.samples ?? 0} errors`,
    finish: async () => {
      halt();
      if (readable) look();
      for (const { ns, text } of (await dmesg?.since(notes)) ?? []) record(ns, text);
      if (log?.overwritten === true) notes.add("some of the kernel's messages were overwritten before they were read");
      log?.close();
      await file?.close();
      return summaryOf(file);
    },
  };
}
