import { basename } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { type AuditFile, readForAudit } from '#app/audit/audit-input';
import { audit } from '#audit/audit';
import { checks } from '#audit/checks/index.gen';
import type { Contradiction } from '#audit/define';
import { ForensicsError } from '#core/errors';
import { printFailure, say } from '../output.ts';

const FOUND = 1;
const COULD_NOT_READ = 2;

const placeOf = ({ file, line, path }: Contradiction['from'][number]): string =>
  line !== null ? `${file}:${line}` : path !== null ? `${file} (${path})` : file;

/** What was read of a file, before what is wrong with it. */
const fileLines = (file: AuditFile): string[] => [
  `${file.path}: ${file.format}, clock ${file.clock ?? 'none'}; ${file.read}`,
  ...file.limits.map(limit => `  limit: ${limit}`),
  ...file.warnings.map(warning => `  warning: ${warning}`),
];

const contradictionLines = (c: Contradiction): string[] => [
  `${c.severity}  ${c.check}  ${c.from.map(placeOf).join(', ')}`,
  `  ${c.sentence}`,
];

/** Names that tell the files apart: the last part of the path, or all of it where two are alike. */
const namesOf = (files: readonly string[]): string[] =>
  files.map((f, i) => (files.some((o, j) => j !== i && basename(o) === basename(f)) ? f : basename(f)));

/** Reads all that can be read; what cannot is told at once. */
function readAll(paths: readonly string[]): {
  readonly files: readonly AuditFile[];
  readonly failed: readonly { path: string; why: string }[];
} {
  const names = namesOf(paths);
  const files: AuditFile[] = [];
  const failed: { path: string; why: string }[] = [];
  for (const [i, path] of paths.entries())
    try {
      files.push(readForAudit(path, names[i]));
    } catch (error) {
      if (!(error instanceof ForensicsError)) throw error;
      printFailure(error);
      failed.push({ path, why: error.message });
    }
  return { files, failed };
}

export const auditCommand = () =>
  new Command('audit')
    .description('find numbers that contradict each other in reports and results of load tests')
    .argument('<files...>', 'results, telemetry, report.json of forensics, or a report in Markdown, HTML or text')
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
impossible: arithmetic, physics or the document's own numbers forbid it. implausible: numbers from elsewhere speak against it.
unsupported: what lies behind it cannot carry it. Each sentence holds the numbers to work it out again.

Exit codes: 0 no contradiction, 1 contradictions, 2 a file could not be read.

Checks: ${checks.map(c => c.id).join(', ')} (docs/audit.md)

Examples:
  $ forensics audit results/*.json
  $ forensics audit REPORT.md load_test_results.json power_metrics.json
`,
    )
    .action((paths, options) => {
      const { files, failed } = readAll([...new Set(paths)]);
      const found = audit(files.flatMap(f => f.statements));
      process.exitCode = failed.length > 0 ? COULD_NOT_READ : found.length > 0 ? FOUND : 0;
      if (options.json) {
        const told = files.map(({ statements, ...file }) => ({ ...file, claims: statements.length }));
        say(JSON.stringify({ schema: 'forensics.audit/1', files: told, failed, contradictions: found }, null, 2));
        return;
      }
      if (files.length === 0) return;
      for (const line of files.flatMap(fileLines)) say(line);
      say('');
      if (found.length === 0)
        say(`No contradiction among ${files.reduce((n, f) => n + f.statements.length, 0)} numbers, by ${checks.length} checks.`);
      else say(`${found.length} contradiction${found.length === 1 ? '' : 's'}:`);
      for (const line of found.flatMap(contradictionLines)) say(line);
    });
