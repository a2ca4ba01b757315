import { Command } from '@commander-js/extra-typings';
import { scoreCaptures } from '#app/score/score-captures';
import { remainingWords } from '#cli/remaining';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import { CAUSES, Cause } from '#schema/causes';
import { scoreTable } from './score-table.ts';

/** `NAME=cause`: a fault that lasts the whole capture, which truth.json cannot date. */
function wholeFaults(specs: readonly string[]): ReadonlyMap<string, Cause> {
  return new Map(
    specs.map(spec => {
      const [name = '', cause] = spec.split('=');
      const known = Cause.safeParse(cause);
      if (!known.success)
        throw new ForensicsError(
          'bad-argument',
          `--whole ${spec} names no cause that is known`,
          `Use CAPTURE=CAUSE, with one of: ${CAUSES.join(', ')}.`,
        );
      return [name, known.data];
    }),
  );
}

export const scoreCommand = ({ say, tell }: Terminal) =>
  new Command('score')
    .description('analyze captures whose faults are known, and say how often the analysis names them')
    .argument('<dirs...>', 'folders with a trace, its files and a truth.json')
    .option('--whole <capture=cause...>', 'a capture that is faulty from end to end: each incident should name this cause', [])
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
AC@1, AC@3: the share of faults whose cause stands first, or among the first three, in the incident at their time.
False accusations: incidents that blame something at a time when nothing is known to be wrong. Abstained: faults for which no cause is named.
docs/accuracy.md has the scores of our own captures.

Example:
  $ forensics score fixtures/*/
`,
    )
    .action(async (dirs, options) => {
      const begun = performance.now();
      const scores = await scoreCaptures(dirs, wholeFaults(options.whole), (name, done) =>
        tell(`scoring ${name} (${done + 1} of ${dirs.length}; ${remainingWords(done / dirs.length, performance.now() - begun)})`),
      );
      say(options.json ? JSON.stringify(scores, null, 2) : scoreTable(scores));
    });
