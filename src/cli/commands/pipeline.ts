import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { isTrace } from '#app/inputs/load-inputs';
import { ForensicsError } from '#core/errors';
import { comparePipelines } from '#multi-gpu/pipeline/compare';
import { wordComparison } from '#report/build/parallel/comparison';
import { comparisonAnswer } from '#report/build/parallel/comparison-answer';
import type { Report } from '#schema/report';
import { tell } from '../output.ts';
import { exitCode, printReport, SEVERITIES, writeReport } from '../write-report.ts';

const collect = (value: string, all: readonly string[]) => [...all, value];

/** The traces that a path stands for: itself, or all in a folder, as the ranks of a case. */
function tracesOf(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new ForensicsError('not-found', `${path} does not exist`, 'Check the path.');
  if (!stats.isDirectory()) return [path];
  const traces = readdirSync(path)
    .sort()
    .map(name => join(path, name))
    .filter(file => statSync(file).isFile() && isTrace(file));
  if (traces.length === 0)
    throw new ForensicsError(
      'not-a-trace',
      `${path} holds no SQLite export of Nsight Systems`,
      'Export one with `nsys export --type sqlite`.',
    );
  return traces;
}

/** One run: a path with one trace brings the files around it along; several traces are the reports of its ranks. */
function analyzeRun(paths: readonly string[], nvtx: readonly string[]): Promise<Report> {
  const traces = paths.flatMap(tracesOf);
  const [only] = paths;
  const alone = paths.length === 1 && traces.length === 1;
  return runAnalysis(alone ? (only ?? '') : (traces[0] ?? ''), {}, NO_CORRECTION, tell, { others: alone ? [] : traces.slice(1), nvtx });
}

function assertSeen(report: Report): void {
  if (report.pipeline === null && report.collectives === null)
    throw new ForensicsError(
      'unsupported',
      `${report.inputs.map(i => i.path).join(', ')} shows neither a pipeline nor collectives of several ranks`,
      'A pipeline needs the work of two GPUs or more: name the reports of all ranks, or say with --nvtx how its operations are called.',
    );
}

export const pipelineCommand = () =>
  new Command('pipeline')
    .description('say whether a pipeline overlaps as promised, and which rank the others wait for')
    .argument('<traces...>', 'exports of one run (.sqlite, .sqlite.gz): one, or one for each rank; or a folder that holds them')
    .option('--nvtx <template>', 'how an operation is called, such as "F mb={mb} stage={stage}"; may be repeated', collect, [])
    .option('--compare <run>', 'compare with this run (a trace or a folder), taken as the one before')
    .option('--out <dir>', 'where to write report.html, report.md, report.json and charts/', 'forensics-pipeline')
    .addOption(new Option('--fail-on <severity>', 'exit with 1 when a finding is at least this severe').choices(SEVERITIES))
    .option('--json', 'print report.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Names are understood of Megatron-LM, DeepSpeed, torch.distributed.pipelining, zero-bubble and workloads/pipeline.py; docs/pipeline.md
says how, and how sure the answer is without any. Several reports are put on one clock.

Examples:
  $ forensics pipeline trace.sqlite
  $ forensics pipeline runs/rank0.sqlite runs/rank1.sqlite
  $ forensics pipeline runs/interleaved --compare runs/1f1b
  $ forensics pipeline trace.sqlite --nvtx 'fwd {mb} on {stage}' --nvtx 'bwd {mb} on {stage}'
`,
    )
    .action(async (paths, options) => {
      const report = await analyzeRun(paths, options.nvtx);
      assertSeen(report);
      const before = options.compare === undefined ? undefined : await analyzeRun([options.compare], options.nvtx);
      if (before !== undefined && (before.pipeline === null || report.pipeline === null))
        throw new ForensicsError('unsupported', 'one of the two runs shows no pipeline', 'Compare two runs of a pipeline.');
      const comparison = wordComparison(comparePipelines(before?.pipeline ?? null, report.pipeline));
      const whole: Report = report.pipeline === null ? report : { ...report, pipeline: { ...report.pipeline, comparison } };
      // Who asks for a comparison wants that answered first.
      const compared = before === undefined ? '' : comparisonAnswer(comparison);
      const answered: Report = compared === '' ? whole : { ...whole, answer: `${compared}\n\n${whole.answer}` };
      tell('writing the report');
      await writeReport(answered, options.out);
      printReport(answered, options.out, options.json);
      process.exitCode = exitCode(answered, options.failOn);
    });
