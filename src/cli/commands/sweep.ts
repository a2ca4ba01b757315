import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { withScratch } from '#app/inputs/scratch';
import { judgeSweepOf } from '#app/sweep/judge-paths';
import { readLimits } from '#app/sweep/limits';
import { readPlan } from '#app/sweep/plan-folder';
import { runSweep } from '#app/sweep/run-sweep';
import { writeSweep } from '#app/sweep/write-sweep';
import { interruptible } from '#cli/interrupts';
import { terminalObserver } from '#cli/load/observer';
import { planWords } from '#cli/load/plan-words';
import { assertPlan, plannedLoad, plannedTarget } from '#cli/load/planned';
import { positive, price, pue } from '#cli/numbers';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import { visible } from '#core/format/visible';
import { sweepLines } from '#report/render/decide/sweep-lines';
import type { Sweep } from '#schema/sweep';

const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Carries out a plan, or says what it would do. @returns whether it was carried out */
async function measure(terminal: Terminal, file: string, out: string, isDry: boolean): Promise<boolean> {
  const plan = readPlan(file);
  const { env, tell, say } = terminal;
  const endpoint = plannedTarget(plan, env, randomUUID().slice(0, 8));
  // What makes no sense is said before anything is measured.
  readLimits(plan.slo);
  assertPlan(plan, endpoint);
  if (isDry) {
    for (const line of planWords(plan)) say(visible(line));
    return false;
  }
  await interruptible(signals =>
    withScratch({ env, progress: tell }, scratch =>
      runSweep({
        ...{ plan, out, endpoint, signals, observer: terminalObserver(terminal), reading: { scratch, env, tell } },
        loadAt: (target, value, repeat) => plannedLoad(plan, target, value, repeat),
      }),
    ),
  );
  return true;
}

/** What is to be read, or to be measured first. @throws ForensicsError bad-argument */
function assertOne(paths: readonly string[], plan: string | undefined, isDry: boolean): void {
  if (paths.length > 0 === (plan !== undefined))
    throw new ForensicsError(
      'bad-argument',
      plan === undefined ? 'nothing is named: neither runs nor a plan' : 'runs and a plan are named: a sweep is read or measured',
      'Name results of load tests, or --plan with a file (docs/sweep.md).',
    );
  if (isDry && plan === undefined) throw new ForensicsError('bad-argument', '--dry-run is for a plan', 'Name one with --plan.');
}

/** Writes a sweep, and says what it came to. */
async function show({ say }: Terminal, sweep: Sweep, out: string, json: boolean): Promise<void> {
  await writeSweep(out, sweep);
  if (json) say(JSON.stringify(sweep, null, 2));
  else for (const line of [...sweepLines(sweep), `Report: ${resolve(out, 'sweep.html')}`]) say(visible(line));
}

export const sweepCommand = (terminal: Terminal) =>
  new Command('sweep')
    .description(
      'where is the knee? Throughput and latency over concurrency, rate, batch size or any other setting, with what the next step buys',
    )
    .argument(
      '[runs...]',
      'results of load tests at different settings, folders of them, or a Markdown table; VALUE=PATH says the setting of what does not say it itself',
    )
    .option('--plan <file>', 'measure first what a plan says, into --out; a plan that was begun there goes on (docs/sweep.md)')
    .option('--dry-run', 'say what the plan would do, and measure nothing', false)
    .option('--over <name>', 'what was varied, as concurrency, rate or dtype (default: what differs)')
    .option('--table <n>', 'which table of a Markdown file, where it holds several', positive)
    .option('--slo <limit>', 'what must hold, as "e2e p99 < 200" (ms) or "ok share >= 0.99" (may be repeated)', several, [])
    .option('--kwh-usd <usd>', 'price of a kilowatt-hour', price)
    .option('--gpu-hour-usd <usd>', 'price of a GPU-hour; rental prices usually include power', price)
    .option('--gpus <n>', 'GPUs that are paid for', positive)
    .option('--pue <ratio>', 'power usage effectiveness of the building, 1 or more', pue)
    .option('--api-prices <file>', 'what others ask for tokens (docs/sweep.md)')
    .option('--out <dir>', 'where the page, its charts, sweep.md and sweep.json go', 'forensics-sweep')
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
A load that is there several times is measured several times: each is one value, and intervals are over them. One run of each tells no noise.

A plan is resumable: what is measured stays in --out, and the same command goes on after the last whole run.

Exit codes: 0 ran, 2 could not run, 129/130/143 interrupted by SIGHUP/SIGINT/SIGTERM.

Examples:
  $ forensics sweep load-1/ load-2/ load-3/ --slo "e2e p99 < 500"      three times forensics load --sweep 1-512
  $ forensics sweep conc*.json --gpu-hour-usd 2.49 --gpus 8 --api-prices prices.json
  $ forensics sweep --over dtype fp16=a1.json fp16=a2.json bf16=b1.json bf16=b2.json
  $ forensics sweep results.md --table 2
  $ forensics sweep --plan sweep.json --out runs/knee --dry-run
`,
    )
    .action(async (paths, options) => {
      assertOne(paths, options.plan, options.dryRun);
      if (options.plan !== undefined && !(await measure(terminal, options.plan, options.out, options.dryRun))) return;
      const { kwhUsd, gpuHourUsd, gpus, apiPrices } = options;
      const prices = { kwhUsd, gpuHourUsd, gpus, pue: options.pue, apiPrices };
      const sweep = await judgeSweepOf(
        { paths: options.plan === undefined ? paths : [options.out], over: options.over, table: options.table, slo: options.slo, prices },
        { env: terminal.env, progress: terminal.tell },
      );
      await show(terminal, sweep, options.out, options.json);
    });
