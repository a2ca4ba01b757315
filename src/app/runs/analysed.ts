import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isUntraced } from '#app/inputs/load-untraced';
import { isTimed } from '#app/inputs/named-files';
import { filesIn, tracesAmong } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { Case } from '#schema/case';
import { kernelsOf } from './kernels.ts';
import { runOfReport } from './of-report.ts';
import { runOfTraces } from './of-traces.ts';
import { readOwn } from './own-json.ts';
import { blankRun, type ReadRun } from './read-run.ts';
import type { RunReading } from './reading.ts';

/** The report that lies in a folder, or in that of its report; undefined where there is none. */
async function reportIn(folder: string, scratch: RunReading['scratch']): Promise<ReadRun | undefined> {
  const file = [join(folder, 'report', 'report.json'), join(folder, 'report.json')].find(path => existsSync(path));
  if (file === undefined) return undefined;
  const own = readOwn(file, await scratch.plain(file));
  return own?.schema === 'forensics.report/1' ? runOfReport(folder, own.data) : undefined;
}

function assertOneWindow(folder: string, own: Case | undefined): void {
  const windows = own?.windows.filter(window => window.traces.length > 0) ?? [];
  if (windows.length > 1)
    throw new ForensicsError(
      'bad-argument',
      `${folder} is one run with ${windows.length} recorded windows`,
      'Windows of one run are no runs: name the report of one of them, as its report.json.',
    );
}

/**
 * What there is to say of a folder's trace, its requests and its devices: an own report where one lies there, else an analysis.
 * @param own its case.json
 */
export async function analysed(folder: string, own: Case | undefined, files: readonly SeriesFile[], reading: RunReading): Promise<ReadRun> {
  const traces = tracesAmong(filesIn(folder));
  const report = await reportIn(folder, reading.scratch);
  if (report === undefined) assertOneWindow(folder, own);
  if (report !== undefined) return { run: { ...report.run, kernels: await kernelsOf(traces, reading.scratch) } };
  if (traces.length > 0) return runOfTraces(folder, traces, reading);
  const kinds = new Set(files.map(file => file.series.kind).filter(isTimed));
  return isUntraced(folder, {}) && kinds.size > 1 ? runOfTraces(folder, [], reading) : { run: blankRun(folder) };
}
