import { appendFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { assertWritable } from '#app/files/report-folder';
import { writeFiles, writePieces } from '#app/files/write-files';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import { statsOf } from '#core/stats-of';
import { renderCsv } from '#report/render/csv/render';
import { renderGithubSummary } from '#report/render/github/render';
import { type JunitSeverity, renderJunit } from '#report/render/junit/render';
import type { Report } from '#schema/report';

/** What is written beside the report, for other tools. */
export interface Exports {
  /** A folder for a CSV file of each table. */
  readonly csv?: string | undefined;
  /** A file of JUnit XML. */
  readonly junit?: string | undefined;
  /** A trace for ui.perfetto.dev. */
  readonly perfetto?: string | undefined;
  /** Whether a summary is added to that of the step of GitHub Actions. */
  readonly githubSummary?: boolean | undefined;
  /** Whether tables that are there are replaced. */
  readonly force?: boolean | undefined;
}

/** The file that GitHub Actions takes the summary of a step from. */
const summaryFile = (env: NodeJS.ProcessEnv): string | undefined => env['GITHUB_STEP_SUMMARY'] || undefined;

const holdsTables = (folder: string): boolean =>
  statsOf(folder)?.isDirectory() === true && readdirSync(folder).some(name => name.endsWith('.csv'));

/**
 * Says before the work what could not be written after it.
 * @throws ForensicsError not-writable; bad-argument where tables would be mixed with others, or nobody takes a summary
 */
export function assertExports({ csv, junit, perfetto, githubSummary, force }: Exports, env: NodeJS.ProcessEnv): void {
  for (const [option, file] of [
    ['--junit', junit],
    ['--perfetto', perfetto],
  ] as const) {
    if (file === undefined) continue;
    if (existsSync(file) && !statSync(file).isFile())
      throw new ForensicsError('bad-argument', `${file}, named with ${option}, is not a file`, 'Name a file.');
    assertWritable(dirname(resolve(file)), `what ${option} asks for`, `Name another file with ${option}.`);
  }
  if (csv !== undefined) {
    assertWritable(csv, 'the tables', 'Choose another folder with --csv.');
    if (force !== true && holdsTables(csv))
      throw new ForensicsError(
        'bad-argument',
        `${csv} already holds tables`,
        'Name another folder with --csv, or replace them with --force.',
      );
  }
  if (githubSummary === true && summaryFile(env) === undefined)
    throw new ForensicsError(
      'bad-argument',
      'GITHUB_STEP_SUMMARY is not set, so there is no summary to add to',
      'Use --github-summary in a step of GitHub Actions, or set the variable to a file.',
    );
}

/**
 * Writes what was asked for beside a report; a trace for perfetto is written where the trace is open.
 * @param place where the report lies
 * @throws ForensicsError not-writable
 */
export function writeExports(report: Report, exports: Exports, failOn: JunitSeverity, place: string, env: NodeJS.ProcessEnv): void {
  if (exports.csv !== undefined) writeFiles(exports.csv, renderCsv(report));
  if (exports.junit !== undefined) writePieces(exports.junit, [renderJunit(report, failOn)]);
  const summary = exports.githubSummary === true ? summaryFile(env) : undefined;
  if (summary !== undefined)
    try {
      appendFileSync(summary, renderGithubSummary(report, place));
    } catch (error) {
      const why = reasonOf(error);
      throw new ForensicsError('not-writable', `the summary cannot be added to ${summary} (${why})`, 'Check GITHUB_STEP_SUMMARY.');
    }
}
