import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bytes, seconds } from '#core/format/numbers';
import type { Started } from '#record/processes/start';
import type { ClockPair } from '#schema/clock-pair';
import { samplerOf } from '../lifecycle.ts';
import type { Notes } from '../notes.ts';
import type { Sampler, Tell } from '../sampler.ts';
import { endChild } from './end-child.ts';
import { startGpuStream } from './gpu-stream.ts';
import { recordedIn } from './recorded.ts';

const FILE = 'gpu.csv';
const ERRORS = 'gpu.stderr.txt';
/** A file that ends so long before the sampler did has lost samples, whatever the interval. */
const STALE_MS = 2_000;

export interface GpuSamplerOptions {
  readonly intervalMs: number;
  /** For nvidia-smi: the caller's, with its session tag. */
  readonly env: NodeJS.ProcessEnv;
  readonly tell: Tell;
  /** How long the first sample may take. */
  readonly patienceSeconds?: number;
}

/** Power, clocks, temperatures, memory, throttling and errors of every GPU: a CSV that nvidia-smi itself writes, in UTC. */
export const gpuSampler = (options: GpuSamplerOptions): Sampler => samplerOf('gpu', options.tell, notes => gpuWork(options, notes));

function gpuWork({ intervalMs, env, patienceSeconds = 30 }: GpuSamplerOptions, notes: Notes) {
  let folder = '';
  let child: Started | undefined;
  let asked = false;
  let died = false;
  const path = (name: string) => join(folder, name);

  /** Says what the file lacks that its samples do not show. */
  const judge = (end: ClockPair, lastMs: number) => {
    const silent = Number(BigInt(end.epoch_ns) / 1_000_000n) - lastMs;
    if (!died && silent > Math.max(STALE_MS, 10 * intervalMs))
      notes.add(`the last GPU sample is ${seconds(silent)} before the end: the disk is full, or nvidia-smi hangs`);
  };
  return {
    begin: async (into: string, stopped: () => boolean) => {
      folder = into;
      const stream = await startGpuStream({ file: path(FILE), errors: path(ERRORS), intervalMs, env, patienceSeconds, stopped });
      if ('why' in stream) return `${stream.why}: no GPU samples`;
      child = stream.child;
      void child.ended.then(({ code, signal }) => {
        died = !asked;
        if (died) notes.add(`nvidia-smi ended on its own (${signal ?? `exit code ${code}`}): no GPU samples from then on`);
      });
      if (stream.lacking.length > 0) notes.add(`this driver does not offer ${stream.lacking.join(', ')}`);
      return undefined;
    },
    running: () => child !== undefined && child.ending() === undefined,
    progress: () => bytes(statSync(path(FILE), { throwIfNoEntry: false })?.size ?? 0),
    finish: async (end: ClockPair) => {
      asked = true;
      if (child !== undefined) await endChild(child, 2);
      const recorded = child !== undefined && existsSync(path(FILE)) ? recordedIn(path(FILE)) : undefined;
      if (recorded !== undefined) {
        for (const sentence of recorded.cadence.shortfalls('GPU samples', intervalMs)) notes.add(sentence);
        judge(end, recorded.lastMs ?? 0);
        if (statSync(path(ERRORS), { throwIfNoEntry: false })?.size === 0) rmSync(path(ERRORS));
      }
      return {
        file: recorded === undefined ? null : FILE,
        samples: recorded?.samples ?? 0,
        interval_asked_ms: intervalMs,
        interval_median_ms: recorded?.cadence.medianMs() ?? null,
        zone_hours: 0,
      };
    },
  };
}
