import { Command } from '@commander-js/extra-typings';
import { laidOver, planHash, planOf, readDraft } from '#app/run/read-plan';
import { runPlan } from '#app/run/run-plan';
import { stepsOf } from '#app/run/steps';
import { interruptible } from '#cli/interrupts';
import { positive, price, pue } from '#cli/numbers';
import { draftOfOptions } from '#cli/run/draft-of-options';
import { loadWish } from '#cli/run/load-wish';
import { sayOutcome } from '#cli/run/outcome';
import type { Terminal } from '#cli/terminal';
import { commandAfter } from '#cli/two-sides';
import { ForensicsError } from '#core/errors';
import type { Plan } from '#schema/plan';

const several = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

/** A name that tells runs of one folder apart. */
const defaultOut = (name: string): string =>
  `forensics-${name}-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}`;

/** What would be done, for whoever wants to know first. */
function tellPlan({ say }: Terminal, plan: Plan, out: string): void {
  say(`Into ${out}:`);
  for (const [i, { id, what }] of stepsOf(plan, undefined).entries()) say(`${String(i + 1).padStart(3)}  ${id.padEnd(12)} ${what}`);
}

export const runCommand = (terminal: Terminal) =>
  new Command('run')
    .description('from a look at the machine to a report card: pre-flight, server, load with samples around it, capture, cost, verdict')
    .argument('[plan...]', 'a plan in YAML (docs/run.md), where there is one; after -- the command of the server')
    .option('--url <url>', 'the endpoint to send to; several, for replicas, by naming it again', several)
    .option('--rate <n>', 'requests a second', positive)
    .option('--concurrency <list>', 'closed loop: keep so many in flight, as 16 or 1,2,4')
    .option('--sweep <range>', 'closed loop: powers of two, as 1-64')
    .option('--duration <time>', 'how long the load lasts')
    .option('--warm-up <time>', 'warm up for this long before measuring')
    .option('--repeat <n>', 'send the load so many times, as runs that a comparison can judge', positive)
    .option('--model <name>', 'the model to ask for')
    .option('--prompt-tokens <lengths>', 'as of forensics load')
    .option('--output-tokens <lengths>', 'as of forensics load')
    .option('--ready <url>', 'answers once the server can be asked (default: /health of the first URL)')
    .option('--expect <gpus>', 'GPUs that must be there, as 8xB200')
    .option('--physics', 'measure products, copies and collectives first', false)
    .option('--capture-delay <time>', 'one more run under nsys: when its window opens')
    .option('--capture-duration <time>', 'one more run under nsys: how long its window is')
    .option('--kwh-usd <usd>', 'price of a kilowatt-hour', price)
    .option('--gpu-hour-usd <usd>', 'price of a GPU-hour', price)
    .option('--pue <ratio>', 'power usage effectiveness of the building, 1 or more', pue)
    .option('--targets <file>', 'limits that the load must reach, as of forensics targets')
    .option('--baseline <run>', 'a run to compare with, or baseline:NAME (may be repeated)', several)
    .option('--name <name>', 'what the card is called')
    .option('--out <dir>', 'a new folder (default: forensics-NAME-TIME)')
    .option('--resume <dir>', 'go on with a run that was cut off; the plan and all options are given again, as they were')
    .option('--dry-run', 'say what would be done, and do nothing', false)
    .option('--json', 'print card.json to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Options lie over the plan; without a plan they are the plan. A step that is done stays done: after an interruption, also kill -9, the same command line
with --resume goes on where it stopped. The server and all that is started end with this command. docs/run.md has all fields.

Exit codes: 0 the card passes or warns, 1 it fails, 2 could not begin, 3 a step failed or was not done, 129/130/143 interrupted by
SIGHUP/SIGINT/SIGTERM.

Examples:
  $ forensics run plan.yaml --dry-run
  $ forensics run --url http://localhost:8000/v1/completions --rate 100 --duration 300 --expect 8xB200
  $ forensics run --url http://localhost:8000/v1/completions --rate 180 --duration 1800 --capture-delay 300 --capture-duration 120 -- ./serve.sh
  $ forensics run plan.yaml --resume forensics-run-20261201-040000
`,
    )
    .action(async (operands, options) => {
      const [files, command] = commandAfter(operands);
      if (files.length > 1)
        throw new ForensicsError('bad-argument', `${files.length} plans were named`, 'Name one; the command of a server follows --.');
      const [file] = files;
      const draft = laidOver(file === undefined ? {} : readDraft(file), draftOfOptions(options, command));
      const plan = planOf(draft, file ?? 'the command line');
      if (options.out !== undefined && options.resume !== undefined)
        throw new ForensicsError('bad-argument', '--out and --resume name two folders', 'Leave --out out.');
      const out = options.resume ?? options.out ?? defaultOut(plan.name);
      const load = await loadWish(plan, terminal);
      if (options.dryRun) return tellPlan(terminal, plan, out);
      const { env, tell } = terminal;
      const outcome = await interruptible(signals =>
        runPlan(
          { plan, planHash: planHash(plan), out, isResumed: options.resume !== undefined, load, env, cwd: process.cwd() },
          signals,
          tell,
        ),
      );
      sayOutcome(terminal, outcome, options.json);
    });
