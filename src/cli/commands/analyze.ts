import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Extras } from '#app/analyze/extras';
import { runAnalysis } from '#app/analyze/run-analysis';
import { assertWindow, writePerfetto } from '#app/exports/perfetto';
import { assertExports, writeExports } from '#app/exports/write-exports';
import { reportFolder } from '#app/files/report-folder';
import { analysisSteps } from '#cli/analysis-steps';
import { offset } from '#cli/durations';
import { number, positive, price, pue } from '#cli/numbers';
import type { Terminal } from '#cli/terminal';
import { exitCode, failOnOption, printReport, tellFailure, writeReport } from '#cli/write-report';
import { ForensicsError } from '#core/errors';
import { parseColumns } from '#input/mapped/columns';
import type { ClockPair } from '#schema/clock-pair';

const several = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

/** A pair of stamps as `EPOCH_NS=MONOTONIC_NS`; how close together they were read is not said. */
const clockPair = (text: string, before: readonly ClockPair[]): readonly ClockPair[] => {
  const [, epoch_ns, monotonic_ns] = /^(\d{18,19})=(\d{1,18})$/.exec(text) ?? [];
  if (epoch_ns === undefined || monotonic_ns === undefined)
    throw new InvalidArgumentError('It must be two whole numbers of nanoseconds, EPOCH=MONOTONIC, read at one moment on the host.');
  return [...before, { epoch_ns, monotonic_ns, uncertainty_ns: 0 }];
};

/** How the table of requests is mapped. @throws ForensicsError bad-argument */
function columnsOf({ columns, requests }: { readonly columns?: string | undefined; readonly requests?: string | undefined }) {
  if (columns === undefined) return undefined;
  if (requests === undefined)
    throw new ForensicsError('bad-argument', '--columns says nothing without --requests', 'Name the table that it maps with --requests.');
  return parseColumns(columns);
}

/** @throws ForensicsError bad-argument for a window without a file to draw it into, or of no incident */
function assertPerfetto({ perfetto, perfettoWindow }: { readonly perfetto?: string | undefined; readonly perfettoWindow: string }): void {
  assertWindow(perfettoWindow);
  if (perfettoWindow !== 'all' && perfetto === undefined)
    throw new ForensicsError(
      'bad-argument',
      '--perfetto-window says nothing without --perfetto',
      'Name the file to write with --perfetto.',
    );
}

interface Drawing {
  readonly withTrace?: NonNullable<Extras['withTrace']>;
  /** Why it could not be drawn, such as an incident that the report turned out not to have. */
  failure?: ForensicsError;
}

/** Draws the trace for Perfetto, where that is asked for. What cannot be drawn costs no report: it is told at the end. */
function drawing({ perfetto, perfettoWindow }: { readonly perfetto?: string | undefined; readonly perfettoWindow: string }): Drawing {
  if (perfetto === undefined) return {};
  const drawn: Drawing = {
    withTrace: (report, trace) => {
      try {
        writePerfetto(report, trace, perfetto, perfettoWindow);
      } catch (error) {
        if (!(error instanceof ForensicsError)) throw error;
        drawn.failure = error;
      }
    },
  };
  return drawn;
}

export const analyzeCommand = (terminal: Terminal) =>
  new Command('analyze')
    .description('say why the slow requests of a capture were slow')
    .argument(
      '[trace-or-folder]',
      'a trace of Nsight Systems (.sqlite or .nsys-rep) or of PyTorch’s profiler (.pt.trace.json), also compressed, or a folder that holds one and the files around it; without a trace, two of --requests, --gpu and --host',
    )
    .option('--requests <file>', 'per-request results of the load test')
    .option('--columns <map>', 'what the columns of a table of --requests hold, as start=ts:ms,end=done:ms,output_tokens=n')
    .option('--gpu <file>', 'GPU samples, as of nvidia-smi or DCGM (may be repeated)', several)
    .option('--host <file>', 'host samples, as of our sampler, iostat, vmstat or sar (may be repeated)', several)
    .option('--out <dir>', 'where to write the report (default: forensics-report, or forensics-report-2 and so on where one is)')
    .option('--force', 'replace the report that --out holds', false)
    .option('--requests-offset-ms <time>', 'add this to the times of the load test, in ms where no unit is named', offset)
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
    .addOption(failOnOption())
    .option('--perfetto <file>', 'also write streams, threads, requests and samples as a trace for ui.perfetto.dev')
    .option(
      '--perfetto-window <incident>',
      'what of the trace --perfetto shows: all, or an incident, as I1, and half its length around it',
      'all',
    )
    .option('--csv <dir>', 'also write every table of the report as CSV')
    .option('--junit <file>', 'also write JUnit XML: a finding as severe as --fail-on says is a failure (without it, any)')
    .option('--github-summary', 'also add a summary to the step of GitHub Actions', false)
    .option('--json', 'print report.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Examples:
  $ forensics analyze runs/monday                       everything in one folder, recognised by content
  $ forensics analyze trace.sqlite --requests load.jsonl --gpu gpu.csv --host host.csv
  $ forensics analyze --requests load.jsonl --gpu gpu.csv --host host.csv
                                                        no trace: what the times of tokens and telemetry show
  $ forensics analyze ddp.sqlite --flops-per-step 5.7e13 --tokens-per-step 8192
                                                        a training: slow steps, FLOP utilisation, tokens per second
  $ forensics analyze trace.sqlite --requests my.csv --columns start=sent_ms,duration=latency_ms,output_tokens=n
  $ forensics analyze runs/monday --perfetto trace.json --perfetto-window I1
  $ forensics analyze runs/monday --fail-on high        in CI: exit code 1 when a cause is worth a fifth of p99
`,
    )
    .action(async (path, options) => {
      const { requestsOffsetMs, zoneHours, align, clockPair: pairs } = options;
      const clock = { requestsOffsetMs, zoneHours, alignAuto: align === 'auto', pairs };
      const prices = { gpuHourUsd: options.gpuHourUsd, kwhUsd: options.kwhUsd, pue: options.pue };
      const columns = columnsOf(options);
      const tell = analysisSteps(terminal.tell);
      const out = reportFolder(options, 'forensics-report');
      assertExports(options, terminal.env);
      assertPerfetto(options);
      const drawn = drawing(options);
      const { flopsPerStep, peakFlops, tokensPerStep } = options;
      const report = await runAnalysis(path, { requests: options.requests, columns, gpu: options.gpu, host: options.host }, clock, tell, {
        prices,
        stated: { flopsPerStep, peakFlops, tokensPerStep },
        env: terminal.env,
        ...(drawn.withTrace === undefined ? {} : { withTrace: drawn.withTrace }),
      });
      tell('writing the report');
      await writeReport(report, out);
      writeExports(report, options, options.failOn ?? 'low', resolve(out, 'report.html'), terminal.env);
      if (options.perfetto !== undefined && drawn.failure === undefined)
        terminal.tell(`writing ${options.perfetto}: open it at https://ui.perfetto.dev`);
      printReport(terminal, report, out, options.json);
      tellFailure(terminal, report, options.failOn);
      if (drawn.failure !== undefined) throw drawn.failure;
      terminal.exitCode = exitCode(report, options.failOn);
    });
