import { basename, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { makeCard } from '#app/card/make-card';
import { writeCard } from '#app/card/write-card';
import { cardExit } from '#cli/run/outcome';
import type { Terminal } from '#cli/terminal';
import { visible } from '#core/format/visible';
import { cardLines } from '#report/render/card/lines';

export const cardCommand = (terminal: Terminal) =>
  new Command('card')
    .description('one page for a machine or a release: hardware, physics, serving, knees, pipeline, energy, incidents, regressions')
    .argument('<folders...>', 'what runs, captures, certifications and comparisons left; each file that forensics wrote there is taken')
    .option('--name <name>', 'of the machine or the release (default: the name of the first folder)')
    .option('--out <dir>', 'where to write card.html, card.md, card.json and card.xml (JUnit)')
    .option('--json', 'print card.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Each row passes, warns, fails or was not measured, with its figure, its limit and its source. docs/run.md says by what.

Exit codes: 0 the card passes or warns, 1 it fails, 2 could not run, 3 nothing of it was measured.

Examples:
  $ forensics card runs/monday
  $ forensics card runs/monday certified/ --name r5 --out card
`,
    )
    .action(async (folders, options) => {
      const { say, tell, env } = terminal;
      const name = options.name ?? basename(resolve(folders[0] ?? '.'));
      const card = await makeCard(folders, name, { env, progress: tell });
      if (options.out !== undefined) await writeCard(options.out, card, false);
      if (options.json) say(JSON.stringify(card, null, 2));
      else for (const line of cardLines(card)) say(visible(line));
      if (options.out !== undefined && !options.json) say(`\nCard: ${resolve(options.out, 'card.html')}`);
      terminal.exitCode = cardExit(card);
    });
