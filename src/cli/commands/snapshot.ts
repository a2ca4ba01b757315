import { Command, Option } from '@commander-js/extra-typings';
import { compareSnapshots } from '#app/snapshot/compare-snapshots';
import { readSnapshot } from '#app/snapshot/read-snapshot';
import { takeSnapshot } from '#app/snapshot/take-snapshot';
import { writeSnapshot } from '#app/snapshot/write-snapshot';
import type { Terminal } from '#cli/terminal';
import { SEVERITIES, type Severity } from '#cli/write-report';
import { ForensicsError } from '#core/errors';
import { visible } from '#core/format/visible';
import { driftLines, snapshotLines } from '#report/render/snapshot/lines';
import type { Drift } from '#schema/drift';

/** Whether a change is as grave as was asked for. */
const fails = (drift: Drift, failOn: Severity): boolean =>
  drift.items.some(({ severity }) => severity !== 'info' && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn));

export const snapshotCommand = (terminal: Terminal) =>
  new Command('snapshot')
    .description('write down the state of a machine (GPUs, links, versions, settings, errors), and say what changed since an earlier one')
    .option('--out <file>', 'where to write the JSON; the same as a page goes beside it, as .html and .md')
    .option(
      '--from <path>',
      'a folder of saved outputs instead of this machine (nvidia-smi -q -x, topo -m, nvlink -s and -e, dmesg, logs of the fabric manager, NCCL and vLLM), a case, or a snapshot.json',
    )
    .option('--diff <old>', 'say what changed since this snapshot.json, or folder of saved outputs, the worst first')
    .addOption(
      new Option('--fail-on <severity>', 'with --diff: exit with 1 when a change is at least this severe (docs/machine.md)').choices(
        SEVERITIES,
      ),
    )
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
It takes seconds. It measures nothing, starts no work on a GPU and stops no program. The snapshot names no host, user or serial number;
docs/machine.md lists what it holds.

Exit codes: 0 ran (and below --fail-on), 1 changes at or above --fail-on, 2 could not run.

Examples:
  $ forensics snapshot --out monday.json
  $ forensics snapshot --diff monday.json --fail-on medium
  $ forensics snapshot --from saved/ --out saved.json
  $ forensics snapshot --from tuesday.json --diff monday.json
`,
    )
    .action(async ({ out, from, diff, failOn, json }) => {
      const { say, tell, env } = terminal;
      if (failOn !== undefined && diff === undefined)
        throw new ForensicsError(
          'bad-argument',
          '--fail-on was given without --diff',
          'Name an earlier snapshot with --diff, or drop --fail-on.',
        );
      const around = { env, progress: tell };
      // Before anything is asked: a wrong path is told at once.
      const before = diff === undefined ? undefined : await readSnapshot(diff, around);
      const now = from === undefined ? await takeSnapshot({ env, cwd: process.cwd() }, tell) : await readSnapshot(from, around);
      const drift = before === undefined ? undefined : compareSnapshots(before, now);
      const written = out === undefined ? [] : await writeSnapshot(out, now, drift);
      if (drift !== undefined && failOn !== undefined && fails(drift, failOn)) terminal.exitCode = 1;
      if (json) say(JSON.stringify(drift ?? now, null, 2));
      else for (const line of drift === undefined ? snapshotLines(now) : driftLines(drift)) say(visible(line));
      if (written.length > 0 && !json) say(`\nWrote ${written.join(', ')}`);
    });
