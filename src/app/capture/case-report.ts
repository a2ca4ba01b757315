import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { writeReport } from '#app/files/write-report';
import { ForensicsError } from '#core/errors';
import { recordingOf } from '#record/capture/case-of';
import { type CaseFolder, recordingsOf } from '#record/capture/folder';
import { Case } from '#schema/case';
import type { Report } from '#schema/report';

/** Reports of a case: the folder of each by its trace, and what could not be analyzed. */
export interface CaseReports {
  readonly folders: ReadonlyMap<string, string>;
  readonly reports: readonly Report[];
  readonly missing: readonly string[];
}

/**
 * Analyzes each trace of a case with the samples and requests that lie beside it, and writes the report into the case.
 * A trace that cannot be analyzed is a sentence, not a failure: the case is worth keeping all the same.
 * @param requests the results of the load test, where the user named them
 * @param hurry what is not analyzed by then is left for --resume
 */
export async function reportCase(
  folder: CaseFolder,
  draft: Case,
  requests: string | undefined,
  tell: (step: string) => void,
  hurry: AbortSignal,
): Promise<CaseReports> {
  const traces = draft.windows.flatMap(w => w.traces);
  const folders = new Map<string, string>();
  const reports: Report[] = [];
  const missing: string[] = [];
  for (const trace of traces) {
    if (hurry.aborted) {
      missing.push(`${trace}: not analyzed, since the capture was interrupted twice (--resume does it)`);
      continue;
    }
    const name = traces.length === 1 ? 'report' : `report-${basename(trace, '.sqlite')}`;
    try {
      const spare = (sentence: string) => void missing.push(sentence);
      const report = await runAnalysis(folder.path, { trace, requests }, NO_CORRECTION, tell, {
        recording: recordingOf(draft, trace),
        spare,
      });
      await writeReport(report, join(folder.path, name));
      folders.set(trace, name);
      reports.push(report);
    } catch (error) {
      if (!(error instanceof ForensicsError)) throw error;
      missing.push(`${trace} could not be analyzed: ${error.message}`);
    }
  }
  return { folders, reports, missing };
}

/** Whether nothing is left to do for a case: it has its case.json, and of every recording of nsys a trace and an analysis. */
export function isFinished(folder: CaseFolder): boolean {
  try {
    const { windows } = Case.parse(JSON.parse(readFileSync(folder.caseFile, 'utf8')));
    const recordingsLeft = (window: string) => (existsSync(folder.private) ? recordingsOf(folder, window) : []);
    return windows.every(
      w => w.reports.length >= w.traces.length && recordingsLeft(w.name).every(stem => w.traces.includes(`${stem}.sqlite`)),
    );
  } catch {
    return false;
  }
}
