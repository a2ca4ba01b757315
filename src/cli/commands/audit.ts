import { Command } from '@commander-js/extra-typings';
import type { AuditFile } from '#app/audit/audit-file';
import { auditFiles } from '#app/audit/audit-files';
import { checks } from '#audit/checks/index.gen';
import type { Contradiction } from '#audit/define';
import type { Terminal } from '#cli/terminal';
import { visible } from '#core/format/visible';

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

const isGrave = ({ severity }: { readonly severity: string }) => severity === 'high' || severity === 'medium';

/** What the rules on machines found in the files, or that they found nothing, and how much they could not judge. */
function machineLines(files: readonly AuditFile[]): string[] {
  return files.flatMap(({ path, machine }) => {
    if (machine === null) return [];
    const { findings, judged, notJudged } = machine;
    const looked = `${judged.length} rules judged it, ${notJudged} had nothing to go by`;
    if (findings.length === 0)
      return [
        judged.length === 0 ? `${path}: no rule on machines judges it.` : `${path}: nothing is wrong by the rules on machines; ${looked}.`,
      ];
    return [
      `${path}: the rules on machines found something; ${looked}:`,
      ...findings.flatMap(f => [`${f.severity}  ${f.id}  ${path}`, `  ${f.title}`, `  Fix: ${f.advice}`]),
    ];
  });
}

export const auditCommand = (terminal: Terminal) =>
  new Command('audit')
    .description('find numbers that contradict each other in reports and results of load tests')
    .argument(
      '<files...>',
      'results, telemetry, report.json of forensics, or a report in Markdown, HTML or text; a folder stands for its files',
    )
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
impossible: arithmetic, physics or the document's own numbers forbid it. implausible: numbers from elsewhere speak against it.
unsupported: too few values, too short a time, or a check that cannot fail. Each sentence holds the numbers, so that you can do the sum again.

Files of a machine's state (nvidia-smi -q -x, topo -m, nvlink -s, logs) are judged by the rules of docs/machine.md, each file alone.
forensics doctor --machine --from FOLDER judges the files of one machine together.

Exit codes: 0 no contradiction, 1 a contradiction, or a machine's state of medium severity or more, 2 a file could not be read.

Checks: ${checks.map(c => c.id).join(', ')} (docs/audit.md)

Examples:
  $ forensics audit results/*.json
  $ forensics audit REPORT.md load_test_results.json power_metrics.json
`,
    )
    .action(async (paths, options) => {
      const { say } = terminal;
      const {
        files,
        failed,
        contradictions: found,
      } = await auditFiles(paths, terminal.printFailure, {
        env: terminal.env,
        progress: terminal.tell,
      });
      const wrong = files.some(f => f.machine?.findings.some(isGrave) === true);
      terminal.exitCode = failed.length > 0 ? COULD_NOT_READ : found.length > 0 || wrong ? FOUND : 0;
      if (options.json) {
        const told = files.map(({ statements, ...file }) => ({ ...file, claims: statements.length }));
        say(JSON.stringify({ schema: 'forensics.audit/1', files: told, failed, contradictions: found }, null, 2));
        return;
      }
      if (files.length === 0) return;
      for (const line of files.flatMap(fileLines)) say(visible(line));
      say('');
      if (found.length === 0)
        say(`No contradiction among ${files.reduce((n, f) => n + f.statements.length, 0)} numbers, by ${checks.length} checks.`);
      else say(`${found.length} contradiction${found.length === 1 ? '' : 's'}:`);
      for (const line of found.flatMap(contradictionLines)) say(visible(line));
      const told = machineLines(files);
      if (told.length > 0) say('');
      for (const line of told) say(visible(line));
    });
