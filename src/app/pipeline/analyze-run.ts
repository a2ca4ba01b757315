import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { isTrace } from '#app/inputs/load-inputs';
import { ForensicsError } from '#core/errors';
import type { Report } from '#schema/report';

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

/**
 * Analyzes one run: a path with one trace brings the files around it along; several traces are those of its ranks.
 * @param nvtx templates for the names of a pipeline's operations
 * @throws ForensicsError not-found, not-a-trace, and what an analysis may throw
 */
export function analyzeRun(paths: readonly string[], nvtx: readonly string[], progress: (step: string) => void): Promise<Report> {
  const traces = paths.flatMap(tracesOf);
  const [only] = paths;
  const alone = paths.length === 1 && traces.length === 1;
  return runAnalysis(alone ? (only ?? '') : (traces[0] ?? ''), {}, NO_CORRECTION, progress, { others: alone ? [] : traces.slice(1), nvtx });
}
