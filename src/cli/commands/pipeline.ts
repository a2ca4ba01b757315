import { Command, Option } from '@commander-js/extra-typings';
import { reportFolder } from '#app/files/report-folder';
import { reportPipeline } from '#app/pipeline/report-pipeline';
import { analysisSteps } from '#cli/analysis-steps';
import type { Terminal } from '#cli/terminal';
import { exitCode, failOnOption, printReport, tellFailure, writeReport } from '#cli/write-report';

const collect = (value: string, all: readonly string[]) => [...all, value];

export const pipelineCommand = (terminal: Terminal) =>
  new Command('pipeline')
    .description('measure the bubble of a pipeline, say what fills it, and which rank the others wait for')
    .argument(
      '<traces...>',
      'traces of one run (.sqlite, .nsys-rep, or .json of PyTorch’s profiler, also compressed): one, or one for each rank; or a folder that holds them',
    )
    .option('--nvtx <template>', 'how an operation is called, such as "F mb={mb} stage={stage}"; may be repeated', collect, [])
    .option('--compare <run>', 'compare with this run (a trace or a folder), taken as the one before')
    .addOption(new Option('--compare-schedules', 'compare the schedules of this run with one another').default(false).conflicts('compare'))
    .option('--out <dir>', 'where to write the report (default: forensics-pipeline, or forensics-pipeline-2 and so on where one is)')
    .option('--force', 'replace the report that --out holds', false)
    .addOption(failOnOption())
    .option('--json', 'print report.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Understands the NVTX names of Megatron-LM, DeepSpeed, torch.distributed.pipelining, zero-bubble and workloads/pipeline.py; docs/pipeline.md
says how, and what a trace without names can tell. Several traces are put on one clock.

Examples:
  $ forensics pipeline trace.sqlite
  $ forensics pipeline runs/rank0.sqlite runs/rank1.sqlite
  $ forensics pipeline runs/interleaved --compare runs/1f1b
  $ forensics pipeline trace.sqlite --compare-schedules
  $ forensics pipeline trace.sqlite --nvtx 'fwd {mb} on {stage}' --nvtx 'bwd {mb} on {stage}'
`,
    )
    .action(async (paths, options) => {
      // Two runs are two analyses: how far both are together is not known.
      const tell = options.compare === undefined ? analysisSteps(terminal.tell) : terminal.tell;
      const out = reportFolder(options, 'forensics-pipeline');
      const report = await reportPipeline(
        { paths, before: options.compare, schedules: options.compareSchedules, nvtx: options.nvtx, env: terminal.env },
        tell,
      );
      tell('writing the report');
      await writeReport(report, out);
      printReport(terminal, report, out, options.json);
      tellFailure(terminal, report, options.failOn);
      terminal.exitCode = exitCode(report, options.failOn);
    });
