import { statSync } from 'node:fs';
import { textOf } from '#app/inputs/text-file';
import { emptyFile, nearest } from '#app/inputs/unknown-file';
import { readDocument } from '#audit/document/read-document';
import { statementsOfReport } from '#audit/series/report';
import { ForensicsError } from '#core/errors';
import { count, plain } from '#core/format/numbers';
import { Report } from '#schema/report';
import type { AuditFile } from './audit-file.ts';

/** A document or report must be held whole; what is larger is no report. */
const LARGEST_TEXT = 64 * 2 ** 20;
/** As much as tells what a document is. */
const LONGEST_HEAD = 64 * 1024;

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
    machine: null,
    limits: [],
    warnings: [],
  };
}

/**
 * Reads a report of ours, or a document.
 * @param content where its plain content lies
 * @throws ForensicsError not-readable, unknown-format, bad-record
 */
export function readText(file: string, name: string, content: string): AuditFile {
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
      document.numbers === 0
        ? `${file} holds no numbers`
        : `${file} has ${count(document.numbers, 'number')}, but none in a form that is known here`,
      'Known are tables with headings such as tok/s or p99, and lines "label: value unit"; docs/audit.md lists the forms.',
    );
  return {
    path: file,
    format: 'document',
    clock: null,
    statements: document.statements,
    read: `${plain(document.understood)} of ${count(document.numbers, 'number')} understood; the others were left alone`,
    machine: null,
    limits: [],
    warnings: [],
  };
}
