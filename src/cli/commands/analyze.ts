import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { runAnalysis } from '#app/analyze/run-analysis';
import { number, positive, price, pue } from '#cli/numbers';
import type { Terminal } from '#cli/terminal';
import { exitCode, printReport, SEVERITIES, tellFailure, writeReport } from '#cli/write-report';
import type { ClockPair } from '#schema/clock-pair';

const several = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

/** A pair of stamps as `EPOCH_NS=MONOTONIC_NS`; how close together they were read is not said. */
const clockPair = (text: string, before: readonly ClockPair[]): readonly ClockPair[] => {
  const [, epoch_ns, monotonic_ns] = /^(\d{18,19})=(\d{1,18})$/.exec(text) ?? [];
  if (epoch_ns === undefined || monotonic_ns === undefined)
    throw new InvalidArgumentError('It must be two whole numbers of nanoseconds, EPOCH=MONOTONIC, read at one moment on the host.');
  return [...before, { epoch_ns, monotonic_ns, uncertainty_ns: 0 }];
};

export const analyzeCommand = (terminal: Terminal) =>
  new Command('analyze')
    .description('say why the slow requests of a capture were slow')
    .argument('<trace-or-folder>', 'an Nsight Systems export (.sqlite, .sqlite.gz), or a folder that holds one and the files around it')
    .option('--requests <file>', 'per-request results of the load test')
    .option('--gpu <file>', 'GPU samples, as of nvidia-smi or DCGM (may be repeated)', several)
    .option('--host <file>', 'host samples, as of our sampler, iostat, vmstat or sar (may be repeated)', several)
    .option('--out <dir>', 'where to write report.html, report.md, summary.md, report.json and charts/', 'forensics-report')
    .option('--requests-offset-ms <ms>', 'add this to the times of the load test', number)
    .addOption(
      new Option('--align <how>', 'place a load test without epoch times by matching its tokens to the trace').choices(['auto'] as const),
    )
    .option(
      '--clock-pair <epoch=monotonic>',
      'both clocks of the host at one moment, ns; places monotonic times (may be repeated)',
      clockPair,
      [],
    )
    .option('--zone-hours <hours>', 'offset from UTC of stamps that name no zone', number)
    .option('--gpu-hour-usd <usd>', 'price of a GPU-hour, for the cost of tokens; rental prices usually include power', price)
    .option('--kwh-usd <usd>', 'price of a kilowatt-hour', price)
    .option('--pue <ratio>', 'power usage effectiveness of the building, 1 or more', pue)
    .option(
      '--flops-per-step <n>',
      'floating-point operations of a training step, all ranks together, for model FLOP utilisation',
      positive,
    )
    .option('--peak-flops <n>', 'peak of one GPU a second, in the precision of the model; needed where the GPU is not known here', positive)
    .option('--tokens-per-step <n>', 'tokens of a training step, all ranks together, for tokens per second', positive)
    .addOption(new Option('--fail-on <severity>', 'exit with 1 when a finding is at least this severe').choices(SEVERITIES))
    .option('--json', 'print report.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Examples:
  $ forensics analyze runs/monday                       everything in one folder, recognised by content
  $ forensics analyze trace.sqlite --requests load.jsonl --gpu gpu.csv --host host.csv
  $ forensics analyze ddp.sqlite --flops-per-step 5.7e13 --tokens-per-step 8192
                                                        a training: slow steps, FLOP utilisation, tokens per second
  $ forensics analyze runs/monday --fail-on high        in CI: exit code 1 when a cause is worth a fifth of p99
`,
    )
    .action(async (path, options) => {
      const { requestsOffsetMs, zoneHours, align, clockPair: pairs } = options;
      const clock = { requestsOffsetMs, zoneHours, alignAuto: align === 'auto', pairs };
      const prices = { gpuHourUsd: options.gpuHourUsd, kwhUsd: options.kwhUsd, pue: options.pue };
      const { flopsPerStep, peakFlops, tokensPerStep } = options;
      const report = await runAnalysis(path, { requests: options.requests, gpu: options.gpu, host: options.host }, clock, terminal.tell, {
        prices,
        stated: { flopsPerStep, peakFlops, tokensPerStep },
      });
      terminal.tell('writing the report');
      await writeReport(report, options.out);
      printReport(terminal, report, options.out, options.json);
      tellFailure(terminal, report, options.failOn);
      terminal.exitCode = exitCode(report, options.failOn);
    });
