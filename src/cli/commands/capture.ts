import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Captured } from '#app/capture/conclude';
import { resumeCapture } from '#app/capture/resume-capture';
import { runCapture } from '#app/capture/run-capture';
import { capturedLines } from '#cli/capture/captured-lines';
import { captureExitCode } from '#cli/capture/exit-code';
import { count } from '#cli/counts';
import { duration, interval, positiveDuration } from '#cli/durations';
import { interruptible } from '#cli/interrupts';
import type { Terminal } from '#cli/terminal';
import { exitCode, failOnOption } from '#cli/write-report';
import { ForensicsError } from '#core/errors';
import { PRESET_NAMES, PRESETS } from '#record/capture/presets';

/** A name that tells captures of one folder apart. */
const defaultOut = (preset: string): string =>
  `forensics-${preset}-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}`;
const collect = (value: string, all: readonly string[]) => [...all, value];

/** An empty prefix would keep everything. */
function onePrefix(prefix: string, before: readonly string[]): readonly string[] {
  if (prefix === '') throw new InvalidArgumentError('It must not be empty.');
  return [...before, prefix];
}

/** What a person wants to know when a capture is over, or all of it as JSON. */
function sayCaptured({ say }: Terminal, captured: Captured, json: boolean): void {
  for (const line of json ? [JSON.stringify(captured.content, null, 2)] : capturedLines(captured)) say(line);
}

export const captureCommand = (terminal: Terminal) =>
  new Command('capture')
    .description('run a workload under Nsight Systems, with samples around it, and write the report into a case folder')
    .argument('[command...]', 'the workload and its arguments, after --')
    .addOption(
      new Option('--preset <name>', `what is recorded: ${PRESET_NAMES.map(n => `${n} (${PRESETS[n].description})`).join('; ')}`)
        .choices(PRESET_NAMES)
        .default('serving' as const),
    )
    .option('--delay <time>', 'wait this long after the workload starts, or after --ready answers, before recording', duration, 0)
    .option('--duration <time>', 'record for this long (default: until the workload ends)', positiveDuration)
    .option('--repeat <n>', 'record so many windows, or ranges of --capture-range', count, 1)
    .option('--every <time>', 'start a new window this often; needs --repeat', positiveDuration)
    .option('--capture-range <range>', 'let the application open and close the window: cudaProfilerApi, or nvtx:RANGE')
    .option('--ready <url>', 'wait until this URL answers before --delay begins')
    .addOption(
      new Option('--report-per <what>', 'one trace per node, or per rank (default: rank under srun and mpirun)').choices([
        'node',
        'rank',
      ] as const),
    )
    .option('--stop-workload', 'stop the workload after the last window', false)
    .option('--leave-workload', 'exit after the report and leave the workload running', false)
    .option('--load <command>', 'a load test to run beside the workload (by the shell)')
    .option('--load-lead <time>', 'start the load test this long before recording', duration, 10)
    .option('--load-limit <time>', 'wait at most this long for the load test after the recording', duration, 600)
    .option('--requests <file>', 'where the results of the load test will be, in a format of docs/formats.md')
    .addOption(
      new Option('--control <when>', 'also run the workload without the profiler, to measure its cost').choices([
        'before',
        'after',
      ] as const),
    )
    .addOption(
      new Option('--gpu-metrics <when>', "sample the GPU's counters: auto where permitted")
        .choices(['auto', 'on', 'off'] as const)
        .default('auto' as const),
    )
    .option('--gpu-interval <time>', 'time between GPU samples', interval, 100)
    .option('--host-interval <time>', 'time between host samples', interval, 100)
    .option('--out <dir>', 'the case folder (default: forensics-PRESET-TIME)')
    .option('--nsys <flags>', 'pass all words up to the -- to nsys; they override ours', collect, [])
    .option('--nsys-path <file>', 'the nsys to use')
    .option('--nsys-timeout <time>', 'stop waiting for an nsys that is idle for this long', positiveDuration, 120)
    .option('--stop-grace <time>', 'wait this long after SIGTERM before SIGKILL', duration, 30)
    .option('--no-redact', 'do not remove environments, names and secrets: do not share such a case')
    .option('--keep-env <prefix>', 'variables that stay in the case, besides NCCL_, CUDA_ and the like; may be repeated', onePrefix, [])
    .option('--no-checks', 'record even if a check says that the trace will be useless')
    .option('--resume <case>', 'finish a case that was cut off')
    .addOption(failOnOption())
    .option('--json', 'print case.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
What it does to your server (docs/capture.md):
  Ctrl-C, SIGTERM and a lost ssh session stop the server. Run this in tmux or screen.
  nsys freezes the server as the recording begins (0.15 to 0.36 s in our recordings), and can freeze it for seconds as it ends
  (8 to 11 s where the application closes the window with --capture-range). Take it out of the load balancer first.
  nsys records only what it starts: start the server again under this command; the window can open hours later (--delay).
  You may not restart it? See docs/right-now.md.
  It needs 1 GiB of disk, and 30 MiB more for each second and GPU, where --out and TMPDIR are.

When the window ends the server keeps running, and this command waits for it. --leave-workload returns after the report and leaves the
server alone; --stop-workload ends it. The server's output, the recording of nsys and all that may hold secrets go to CASE.private, beside the case.

Exit codes: 0 recorded (what this machine cannot give, such as GPU samples without a GPU, is named at the end), 1 a finding at or above
--fail-on, 2 could not begin, 3 something that was asked for is missing (case.json says what), 4 the workload failed before its window
closed, 129/130/143 interrupted by SIGHUP/SIGINT/SIGTERM.

Examples:
  $ forensics capture --delay 5m --duration 2m -- ./serve.sh --port 8000
  $ forensics capture --ready http://localhost:8000/health --delay 2m --duration 30s --leave-workload -- ./serve.sh --port 8000
  $ forensics capture --ready http://localhost:8000/health --duration 1m --load 'python3 load.py > results.jsonl' \\
      --requests results.jsonl --stop-workload -- ./serve.sh
  $ forensics capture --preset training --capture-range cudaProfilerApi -- python3 train.py
  $ forensics capture --preset multi-rank --duration 30 -- torchrun --nproc-per-node 8 train.py
  $ forensics capture --duration 60 --repeat 6 --every 10m --nsys --osrt-threshold=10000 -- ./serve.sh
  $ forensics capture --resume forensics-serving-20261122-101500
`,
    )
    .action(async (command, options) => {
      if (options.resume !== undefined) {
        if (command.length > 0)
          throw new ForensicsError('bad-argument', '--resume takes no workload', 'The case knows what ran: leave out what follows --.');
        const captured = await resumeCapture(options.resume, options.nsysPath, terminal.env, terminal.tell);
        sayCaptured(terminal, captured, options.json);
        terminal.exitCode = captureExitCode(captured.content.status, undefined, 0);
        return;
      }
      if (command.length === 0)
        throw new ForensicsError(
          'bad-argument',
          'there is nothing to run',
          'Put the workload after --, as in forensics capture --duration 60 -- ./serve.sh.',
        );
      const captured = await interruptible(signals =>
        runCapture(command, options, {
          out: options.out ?? defaultOut(options.preset),
          env: terminal.env,
          cwd: process.cwd(),
          signals,
          progress: terminal.tell,
          captured: done => sayCaptured(terminal, done, options.json),
        }),
      );
      const analysis = captured.reports.some(r => exitCode(r, options.failOn) === 1) ? 1 : 0;
      terminal.exitCode = captureExitCode(captured.content.status, captured.signal, analysis);
    });
