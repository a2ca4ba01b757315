import { Command } from '@commander-js/extra-typings';
import { type CompareRequest, comparePaths } from '#app/compare/compare-paths';
import { assertStory, writeStory } from '#app/compare/write-story';
import { BASELINES } from '#app/runs/baselines';
import { budgets } from '#cli/budgets';
import { targetsExit } from '#cli/targets-exit';
import type { Terminal } from '#cli/terminal';
import { sidesOf } from '#cli/two-sides';
import { ForensicsError } from '#core/errors';
import { visible } from '#core/format/visible';
import { comparisonLines } from '#report/render/decide/comparison-lines';
import type { ChangeVerdict } from '#schema/comparison';

/** What a gate ends with: what could not be judged does not pass, and is no regression. */
const GATE: Readonly<Record<ChangeVerdict, number>> = { regression: 1, 'not-evaluable': 3, improvement: 0, equivalent: 0 };

const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** The runs of either side. @throws ForensicsError bad-argument */
function namedSides(operands: readonly string[]): Pick<CompareRequest, 'base' | 'candidate'> {
  const [base, candidate] = sidesOf(operands);
  if (base.length > 0 && candidate.length > 0) return { base, candidate };
  throw new ForensicsError(
    'bad-argument',
    `the runs ${base.length === 0 ? 'to compare with' : 'to judge'} are missing`,
    'Name the runs before, then --, then the runs after: forensics compare old1.json old2.json -- new1.json new2.json.',
  );
}

export const compareCommand = (terminal: Terminal) =>
  new Command('compare')
    .description('did it get worse? Compares runs with runs, metric by metric, and says what else changed')
    .argument(
      '[runs...]',
      'the runs before; after -- the runs to judge: results of load tests, reports, cases, traces, tests of a machine, folders of them, or baseline:NAME',
    )
    .option(
      '--budget <metric=percent>',
      'how much worse a metric may be, as p99=5% or tok/s=2% (default: 5%; may be repeated)',
      budgets,
      [],
    )
    .option('--metric <name>', 'judge this metric alone, as tok/s or "ttft p99" (may be repeated)', several, [])
    .option('--independent', 'do not pair the runs by their order, even if both sides have as many', false)
    .option('--targets <file>', 'a file of limits that the runs to judge must reach, as for forensics targets; sets the exit code, too')
    .option('--baselines <dir>', 'the folder of the baselines', BASELINES)
    .option('--fail-on-regression', 'exit with 1 on a regression, and with 3 where it cannot be judged', false)
    .option('--story <file>', 'also write the change as one page (.html) or Markdown (.md): before and after, what it means, why')
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Run both sides three to five times, in turn: a run counts as one value, however many requests it holds. With one run a side you see the
change, and get no verdict.

regression: worse beyond chance, and not shown to stay within its budget. improvement: better beyond chance. equivalent: shown to stay
within its budget. not evaluable: too few runs, or too much noise. docs/compare.md has the statistics.

Exit codes: 0 ran. With --fail-on-regression: 0 equivalent or improvement, 1 regression, 3 not evaluable. With --targets: 1 where
a target failed, 3 where one was not measured. 2 could not run.

Examples:
  $ forensics compare before/*.json -- after/*.json --budget p99=5% --budget tok/s=2%
  $ forensics compare baseline:main -- runs/pr-*.json --fail-on-regression
  $ forensics compare before/ -- after/ --story story.html   one page for who decides
  $ forensics compare old.sqlite new.sqlite              two traces: causes, steps, and the kernels that got slower
`,
    )
    .action(async (named, options) => {
      const { say, tell, env } = terminal;
      const sides = namedSides(named);
      if (options.story !== undefined) assertStory(options.story);
      const comparison = await comparePaths(
        {
          ...sides,
          budgets: options.budget,
          only: options.metric,
          isIndependent: options.independent,
          baselines: options.baselines,
          targets: options.targets,
        },
        { env, progress: tell },
      );
      if (options.story !== undefined) writeStory(options.story, comparison);
      if (options.json) say(JSON.stringify(comparison, null, 2));
      else for (const line of comparisonLines(comparison)) say(visible(line));
      const codes = [options.failOnRegression ? GATE[comparison.verdict] : 0, targetsExit(comparison.targets ?? [])];
      terminal.exitCode = codes.includes(1) ? 1 : Math.max(...codes);
    });
