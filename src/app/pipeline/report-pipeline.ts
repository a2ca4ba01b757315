import { ForensicsError } from '#core/errors';
import { comparePipelines } from '#multi-gpu/pipeline/compare';
import { wordComparison } from '#report/build/parallel/comparison';
import { comparisonAnswer, schedulesAnswer } from '#report/build/parallel/comparison-answer';
import type { Report } from '#schema/report';
import { analyzeRun } from './analyze-run.ts';

/** What to say about which run. */
export interface PipelineRequest {
  /** Traces of one run, or a folder that holds them. */
  readonly paths: readonly string[];
  /** A trace or folder of the run before, to compare with. */
  readonly before: string | undefined;
  /** Whether the schedules of the run are to be compared with one another. */
  readonly schedules?: boolean;
  /** Templates for the names of operations. */
  readonly nvtx: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

function assertSeen(report: Report): void {
  if (report.pipeline === null && report.collectives === null)
    throw new ForensicsError(
      'unsupported',
      `${report.inputs.map(i => i.path).join(', ')} shows neither a pipeline nor collectives of several ranks`,
      'A pipeline needs the work of two GPUs or more: name the traces of all ranks, or say with --nvtx how its operations are called.',
    );
}

/**
 * Says whether a pipeline overlaps as promised, and how it does against a run before it.
 * @throws ForensicsError unsupported where there is no pipeline to see or compare, and what an analysis may throw
 */
export async function reportPipeline(
  { paths, before, nvtx, env, schedules = false }: PipelineRequest,
  progress: (step: string) => void,
): Promise<Report> {
  const report = await analyzeRun(paths, { nvtx, env }, progress);
  assertSeen(report);
  const earlier = before === undefined ? undefined : await analyzeRun([before], { nvtx, env }, progress);
  if (earlier !== undefined && (earlier.pipeline === null || report.pipeline === null))
    throw new ForensicsError(
      'unsupported',
      `${(report.pipeline === null ? paths : [before]).join(', ')} shows no pipeline, and a comparison needs two`,
      'Name a run of a pipeline on both sides; forensics analyze says what a trace holds.',
    );
  const comparison = wordComparison(comparePipelines(earlier?.pipeline ?? null, report.pipeline));
  const whole: Report = report.pipeline === null ? report : { ...report, pipeline: { ...report.pipeline, comparison } };
  // Who asks for a comparison wants that answered first.
  const compared = earlier !== undefined ? comparisonAnswer(comparison) : schedules ? schedulesAnswer(comparison) : '';
  return compared === ''
    ? whole
    : { ...whole, answer: `${compared}\n\n${whole.answer}`, summary: { ...whole.summary, verdict: compared.split('\n')[0] ?? compared } };
}
