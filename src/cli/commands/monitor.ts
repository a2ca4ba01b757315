import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { type Interrupts, watchInterrupts } from '#capture/interrupts';
import { ForensicsError } from '#model/errors';
import type { Monitor, SamplerSummary } from '#model/monitor';
import { until } from '#process/end';
import { startGuard } from '#process/guard';
import { MARK } from '#process/marked';
import { clockPair } from '#samplers/clock-pair';
import { makeSamplers } from '#samplers/make-samplers';
import type { Sampler } from '#samplers/sampler';
import { systemSnapshot } from '#samplers/snapshot/system-snapshot';
import { say, tell, writeFiles } from '../output.ts';
import { version } from '../run-analysis.ts';

const PROGRESS_SECONDS = 30;
/** A few months, in seconds. */
const FOREVER = 1e7;
/** How long nvidia-smi may take to end in order when we were killed, s. */
const GRACE_SECONDS = 2;
/** What is worth going on for: errors and link counters alone explain no delay. */
const ESSENTIAL: readonly Sampler['id'][] = ['gpu', 'host'];

const milliseconds = (text: string): number => {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of milliseconds, from 1 on.');
  return Number(text);
};
const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= FOREVER)) throw new InvalidArgumentError('It must be a number of seconds above 0.');
  return value;
};

/** @throws ForensicsError bad-argument when something is there, not-writable when it cannot be made */
function emptyFolder(path: string): string {
  const folder = resolve(path);
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there !== undefined && (!there.isDirectory() || readdirSync(folder).length > 0))
    throw new ForensicsError('bad-argument', `${folder} is there already, and not empty`, 'Name a new folder with --out.');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    throw new ForensicsError('not-writable', `${folder} cannot be made (${why})`, 'Choose another folder with --out.');
  }
  return folder;
}

/** Waits until the time is up, someone stops it, or no sampler is left; says which. */
async function untilDone(samplers: readonly Sampler[], duration: number, interrupts: Interrupts): Promise<string> {
  const begun = performance.now();
  const alive = () => samplers.some(sampler => ESSENTIAL.includes(sampler.id) && sampler.running());
  for (;;) {
    const passed = (performance.now() - begun) / 1000;
    const left = duration - passed;
    if (await until(() => interrupts.received() !== undefined || !alive(), Math.min(left, PROGRESS_SECONDS)))
      return interrupts.received() ?? 'failure';
    if (left <= PROGRESS_SECONDS) return 'duration';
    const each = samplers.filter(sampler => sampler.running()).map(sampler => `${sampler.id} ${sampler.progress()}`);
    tell(`${Math.round((performance.now() - begun) / 1000)} s: ${each.join(', ')}`);
  }
}

const summaryLine = (folder: string, summaries: readonly SamplerSummary[]): string => {
  const files = summaries.flatMap(({ file, samples }) => (file === null ? [] : [`${file} (${samples})`]));
  return `Wrote ${[...files, 'system.json', 'monitor.json'].join(', ')} to ${folder}`;
};

interface Wish {
  readonly out: string;
  readonly duration: number | undefined;
  readonly gpuIntervalMs: number | undefined;
  readonly hostIntervalMs: number | undefined;
}

async function monitor({ out, duration, gpuIntervalMs, hostIntervalMs }: Wish, interrupts: Interrupts): Promise<Monitor> {
  const folder = emptyFolder(out);
  const { [MARK]: _outer, ...clean } = process.env;
  const mark = `monitor-${randomUUID()}`;
  const env = { ...clean, [MARK]: mark };
  // Without the mark, lest it ends itself.
  const guard = startGuard({ mark, commands: [], graceSeconds: GRACE_SECONDS, journal: join(folder, 'orphaned.jsonl') }, clean);
  try {
    tell('looking at this machine');
    writeFiles(folder, { 'system.json': `${JSON.stringify(await systemSnapshot({ env, cwd: process.cwd() }), null, 2)}\n` });
    const samplers = makeSamplers({ env, gpuIntervalMs, hostIntervalMs, tell });
    const start = clockPair();
    const starting = Promise.all(samplers.map(sampler => sampler.start(folder)));
    const outcomes = await Promise.race([starting, interrupts.first]);
    const sampling = typeof outcomes === 'string' ? [] : samplers.filter(sampler => sampler.running()).map(sampler => sampler.id);
    if (sampling.length > 0)
      tell(`sampling ${sampling.join(', ')} into ${folder} ${duration === undefined ? 'until Ctrl-C' : `for ${duration} s`}`);
    const endedBy = await untilDone(samplers, duration ?? FOREVER, interrupts);
    tell('stopping');
    const summaries = await Promise.all(samplers.map(sampler => sampler.stop()));
    const result: Monitor = {
      schema: 'forensics.monitor/1',
      tool: { name: 'forensics', version: version() },
      ended_by: endedBy,
      start,
      end: clockPair(),
      samplers: summaries,
    };
    writeFiles(folder, { 'monitor.json': `${JSON.stringify(result, null, 2)}\n` });
    return result;
  } finally {
    guard.release();
  }
}

export const monitorCommand = () =>
  new Command('monitor')
    .description('sample the GPUs and this host until Ctrl-C, for a later `forensics analyze`')
    .option('--out <dir>', 'a new folder for gpu.csv, nvlink.csv, xid.csv, host.csv, system.json and monitor.json', 'forensics-monitor')
    .option('--duration <seconds>', 'end after so long (default: at Ctrl-C or SIGTERM)', seconds)
    .option('--gpu-interval <ms>', 'time between two samples of a GPU', milliseconds, 100)
    .option('--host-interval <ms>', 'time between two samples of the host', milliseconds, 100)
    .option('--no-gpu', 'sample no GPUs')
    .option('--no-host', 'sample no host')
    .option('--json', 'print monitor.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Needs nvidia-smi for GPUs and /proc for the host; what is not there is said and left out. The first Ctrl-C ends in order, the second at once.

Examples:
  $ forensics monitor --duration 60
  $ forensics monitor --out run & ...; kill %1; forensics analyze trace.sqlite --gpu run/gpu.csv --host run/host.csv --zone-hours 0
`,
    )
    .action(async options => {
      if (!options.gpu && !options.host)
        throw new ForensicsError('bad-argument', '--no-gpu and --no-host leave nothing to sample', 'Drop one of them.');
      const interrupts = watchInterrupts();
      void interrupts.second.then(signal => {
        // The signal ends us now; the guard sees that and ends what we started.
        interrupts.dispose();
        process.kill(process.pid, signal);
      });
      try {
        const result = await monitor(
          {
            out: options.out,
            duration: options.duration,
            gpuIntervalMs: options.gpu ? options.gpuInterval : undefined,
            hostIntervalMs: options.host ? options.hostInterval : undefined,
          },
          interrupts,
        );
        const worked = result.samplers.some(({ samples }) => samples > 0);
        if (options.json) say(JSON.stringify(result, null, 2));
        else if (worked) say(summaryLine(resolve(options.out), result.samplers));
        if (!worked)
          throw new ForensicsError(
            'unsupported',
            `nothing could be sampled: ${result.samplers.flatMap(({ missing }) => missing).join('; ') || 'it was stopped before the first sample'}`,
            'Run it where nvidia-smi is on PATH, or on Linux for the host.',
          );
      } finally {
        interrupts.dispose();
      }
    });
