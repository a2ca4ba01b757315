import type { Extras } from '#app/analyze/extras';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { tracesOf } from '#app/inputs/traces';
import type { Report } from '#schema/report';

/**
 * Analyzes one run: a path with one trace brings the files around it along; several traces are those of its ranks.
 * @throws ForensicsError not-found, not-a-trace, and what an analysis may throw
 */
export function analyzeRun(
  paths: readonly string[],
  extras: Pick<Extras, 'nvtx' | 'env'>,
  progress: (step: string) => void,
): Promise<Report> {
  const traces = paths.flatMap(tracesOf);
  const [only] = paths;
  const alone = paths.length === 1 && traces.length === 1;
  return runAnalysis(alone ? (only ?? '') : (traces[0] ?? ''), {}, NO_CORRECTION, progress, {
    others: alone ? [] : traces.slice(1),
    ...extras,
  });
}
