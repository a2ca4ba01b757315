import { Command } from '@commander-js/extra-typings';
import { snapshotOfFiles } from '#app/snapshot/snapshot-of-files';
import { takeSnapshot } from '#app/snapshot/take-snapshot';
import type { Terminal } from '#cli/terminal';

export const snapshotCommand = (terminal: Terminal) =>
  new Command('snapshot')
    .description('write down the state of a machine: GPUs, links, versions, settings, errors')
    .option('--from <dir>', 'saved outputs instead of this machine: nvidia-smi -q -x, topo -m, nvlink -s and -e, dmesg, logs')
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Examples:
  $ forensics snapshot --json > monday.json
  $ forensics snapshot --from saved/
`,
    )
    .action(async ({ from }) => {
      const { say, tell, env } = terminal;
      const snapshot =
        from === undefined ? await takeSnapshot({ env, cwd: process.cwd() }, tell) : await snapshotOfFiles(from, { env, progress: tell });
      say(JSON.stringify(snapshot, null, 2));
    });
