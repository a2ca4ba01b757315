import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { readSeries } from '#app/inputs/read-series';
import { headOf, textHeadOf, textOf, utf16Of } from '#app/inputs/text-file';
import { isTrace } from '#app/inputs/traces';
import { emptyFile, nearest } from '#app/inputs/unknown-file';
import { isHtml } from '#audit/document/html';
import { isMarkdown } from '#audit/document/markdown';
import { readDocument } from '#audit/document/read-document';
import { statementsOfReport } from '#audit/series/report';
import { statementsOfSeries } from '#audit/series/statements-of';
import type { Statement } from '#audit/statement';
import { ForensicsError } from '#core/errors';
import { count, plain } from '#core/format/numbers';
import { Report } from '#schema/report';

/** A document or report must be held whole; what is larger is no report. */
const LARGEST_TEXT = 64 * 2 ** 20;
const HEAD_BYTES = 4096;
/** As much as tells what a document is. */
const LONGEST_HEAD = 64 * 1024;

/** One file of an audit: what it was read as, and what it states. */
export interface AuditFile {
  readonly path: string;
  readonly format: string;
  /** In words; null for what has no times. */
  readonly clock: string | null;
  readonly statements: readonly Statement[];
  /** What was read, in words. */
  readonly read: string;
  readonly limits: readonly string[];
  readonly warnings: readonly string[];
}

function readOwnReport(file: string, name: string, text: string): AuditFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ForensicsError('bad-record', `${file} is not JSON to its end`, 'Give the file as it was written.');
  }
  const report = Report.safeParse(json);
  if (!report.success)
    throw new ForensicsError(
      'unknown-format',
      `${file} is JSON, but no load test or telemetry that is known here, and no report of forensics${nearest(text.slice(0, LONGEST_HEAD))}`,
      'See docs/formats.md for the formats that are known.',
    );
  const statements = statementsOfReport(report.data, name);
  return {
    path: file,
    format: report.data.schema,
    clock: null,
    statements,
    read: count(statements.length, 'number'),
    limits: [],
    warnings: [],
  };
}

function readText(file: string, name: string, content: string): AuditFile {
  if (statSync(content).size > LARGEST_TEXT)
    throw new ForensicsError('not-readable', `${file} has more than 64 MiB`, 'Give the report itself, not its raw data.');
  const text = [...textOf(content, file)].join('');
  const empty = emptyFile(file, text);
  if (empty !== undefined) throw empty;
  if (/^\s*[{[]\s*["{[\]}\d]/.test(text)) return readOwnReport(file, name, text);
  const document = readDocument(text, name);
  if (document.statements.length === 0)
    throw new ForensicsError(
      'unknown-format',
      `${file} has ${count(document.numbers, 'number')}, but none in a form that is known here`,
      'Known: tables with headings such as tok/s or p99, and "label: value unit" lines. See docs/audit.md.',
    );
  return {
    path: file,
    format: 'document',
    clock: null,
    statements: document.statements,
    read: `${plain(document.understood)} of ${count(document.numbers, 'number')} understood; the others were left alone`,
    limits: [],
    warnings: [],
  };
}

/**
 * Reads one file for an audit: with an importer, as a report of ours, or as a document.
 * @param name what sources call it
 * @param content where its plain content lies, if it is compressed
 * @throws ForensicsError not-found, not-readable, unknown-format, bad-record
 */
export function readForAudit(file: string, name = basename(file), content = file): AuditFile {
  if (!existsSync(file)) throw new ForensicsError('not-found', `${file} does not exist`, 'Check the path.');
  if (!statSync(file).isFile())
    throw new ForensicsError('not-readable', `${file} is a pipe or a device, not a file`, 'Save its output to a file, and name that.');
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new ForensicsError('not-readable', `permission to read ${file} is denied`, 'Check its permissions.');
  }
  const bytes = headOf(content, HEAD_BYTES);
  if (isTrace(file) || (utf16Of(bytes) === undefined && bytes.includes(0)))
    throw new ForensicsError(
      'unknown-format',
      `${file} is ${isTrace(file) ? 'a trace' : 'a binary file'}`,
      isTrace(file) ? 'Run forensics analyze, then audit its report.json.' : 'Name results, telemetry or a report.',
    );
  // A report may quote telemetry, which an importer would take for all of it.
  const head = textHeadOf(content);
  const series = isMarkdown(head) || isHtml(head) ? undefined : readSeries(file, content)?.series;
  if (series === undefined) return readText(file, name, content);
  const { clock, limits, warnings, format } = series;
  const statements = statementsOfSeries(series, name);
  return {
    path: file,
    format,
    clock: clock.kind === 'none' ? null : clock.kind,
    statements,
    read: `${count(series.rows.length, 'row')}, ${count(statements.length, 'number')} to check`,
    limits,
    warnings,
  };
}
