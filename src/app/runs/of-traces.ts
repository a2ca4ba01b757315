import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { kernelsOf } from './kernels.ts';
import { runOfReport } from './of-report.ts';
import type { ReadRun } from './read-run.ts';
import type { RunReading } from './reading.ts';

/**
 * A run from its trace, or from those of its ranks, which is analyzed for it.
 * @param path the trace or the folder of the run; with several traces the first of them
 * @throws ForensicsError as `runAnalysis`
 */
export async function runOfTraces(path: string, traces: readonly string[], { scratch, env, tell }: RunReading): Promise<ReadRun> {
  const several = traces.length > 1;
  const report = await runAnalysis(several ? (traces[0] ?? path) : path, {}, NO_CORRECTION, tell, {
    others: several ? traces.slice(1) : [],
    env,
  });
  const { run } = runOfReport(path, report);
  return { run: { ...run, kernels: await kernelsOf(traces, scratch) } };
}
