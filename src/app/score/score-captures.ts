import { basename, resolve } from 'node:path';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import type { Cause } from '#schema/causes';
import type { Report } from '#schema/report';
import { readTruth } from './read-truth.ts';
import { type Score, scoreReport } from './score.ts';
import type { Truth } from './truth.ts';

/** Every incident of a capture that is faulty throughout is one chance to be right. */
function withWhole(truth: Truth, report: Report, cause: Cause | undefined): Truth {
  if (cause === undefined) return truth;
  return { ...truth, faults: report.incidents.map(i => ({ design_cause: cause, start_ns: Number(i.start_ns), end_ns: Number(i.end_ns) })) };
}

/**
 * Analyzes captures whose faults are known, and says how often the analysis names them.
 * @param progress told of each capture before it is analyzed, and how many were done by then
 * @param whole faults that last the whole of a capture, which truth.json cannot date, by its name
 * @throws ForensicsError not-found, bad-record where there is no truth to compare with; what an analysis may throw
 */
export async function scoreCaptures(
  folders: readonly string[],
  whole: ReadonlyMap<string, Cause>,
  progress: (capture: string, done: number) => void,
): Promise<readonly Score[]> {
  const scores: Score[] = [];
  for (const [i, folder] of folders.entries()) {
    const name = basename(resolve(folder));
    progress(name, i);
    const truth = readTruth(folder);
    const report = await runAnalysis(folder, {}, NO_CORRECTION, () => {});
    scores.push(scoreReport(name, report, withWhole(truth, report, whole.get(name))));
  }
  return scores;
}
