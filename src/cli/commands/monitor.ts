import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { runMonitor } from '#app/monitor/run-monitor';
import { interval, positiveDuration } from '#cli/durations';
import { interruptible } from '#cli/interrupts';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import type { SamplerSummary } from '#schema/monitor';

const summaryLine = (folder: string, summaries: readonly SamplerSummary[]): string => {
  const files = summaries.flatMap(({ file, samples }) => (file === null ? [] : [`${file} (${samples})`]));
  return `Wrote ${[...files, 'system.json', 'monitor.json'].join(', ')} to ${folder}`;
};

export const monitorCommand = ({ say, tell, env }: Terminal) =>
  new Command('monitor')
    .description('sample the GPUs and this host until Ctrl-C, for a later `forensics analyze`')
    .option('--out <dir>', 'a new folder for gpu.csv, nvlink.csv, xid.csv, host.csv, system.json and monitor.json', 'forensics-monitor')
    .option('--duration <time>', 'end after this long (default: at Ctrl-C or SIGTERM)', positiveDuration)
    .option('--gpu-interval <time>', 'time between GPU samples', interval, 100)
    .option('--host-interval <time>', 'time between host samples', interval, 100)
    .option('--no-gpu', 'sample no GPUs')
    .option('--no-host', 'sample no host')
    .option('--json', 'print monitor.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
It only reads: it stops no program and attaches to none. It needs nvidia-smi for GPUs and /proc for the host; it names what is missing, and goes on.
The first Ctrl-C ends it and writes monitor.json; the second ends it at once.

Examples:
  $ forensics monitor --duration 1m
  $ forensics monitor --duration 5m --out run
  $ forensics analyze --requests load.jsonl --gpu run/gpu.csv --host run/host.csv --zone-hours 0
`,
    )
    .action(async options => {
      if (!options.gpu && !options.host)
        throw new ForensicsError('bad-argument', '--no-gpu and --no-host leave nothing to sample', 'Drop one of them.');
      const request = {
        out: options.out,
        durationSeconds: options.duration,
        gpuIntervalMs: options.gpu ? options.gpuInterval : undefined,
        hostIntervalMs: options.host ? options.hostInterval : undefined,
        env,
        cwd: process.cwd(),
      };
      // At the second Ctrl-C the watchdog ends what we started.
      const result = await interruptible(signals => runMonitor(request, signals, tell), { endsAtSecond: true });
      const worked = result.samplers.some(({ samples }) => samples > 0);
      if (options.json) say(JSON.stringify(result, null, 2));
      else if (worked) say(summaryLine(resolve(options.out), result.samplers));
      if (!worked)
        throw new ForensicsError(
          'unsupported',
          `nothing could be sampled: ${result.samplers.flatMap(({ missing }) => missing).join('; ') || 'it was stopped before the first sample'}`,
          'Run it where nvidia-smi is on PATH, or on Linux for the host.',
        );
    });
