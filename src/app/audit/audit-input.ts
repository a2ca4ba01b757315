import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { readSeries } from '#app/inputs/read-series';
import { headOf, textHeadOf, utf16Of } from '#app/inputs/text-file';
import { isTrace } from '#app/inputs/traces';
import { isHtml } from '#audit/document/html';
import { isMarkdown } from '#audit/document/markdown';
import { statementsOfSeries } from '#audit/series/statements-of';
import { ForensicsError } from '#core/errors';
import { count } from '#core/format/numbers';
import type { AuditFile } from './audit-file.ts';
import { judgeState } from './judge-state.ts';
import { readText } from './read-text.ts';

const HEAD_BYTES = 4096;

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
    machine: judgeState(series) ?? null,
    read: `${count(series.rows.length, 'row')}, ${count(statements.length, 'number')} to check`,
    limits,
    warnings,
  };
}
