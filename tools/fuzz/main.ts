import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Outcome } from './perform.ts';
import { FuzzWorker } from './worker.ts';

const USAGE = 'npm run fuzz -- [--seed N] [--count N] [--from INDEX] [--only INDEX] [--list]';
const FOUND = 1;
const COULD_NOT_RUN = 2;
const EVERY_SECONDS = 5;

function whole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} ${text} is no whole number\n${USAGE}\n`);
  process.exit(COULD_NOT_RUN);
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    count: { type: 'string' },
    from: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const seed = whole('seed', values.seed, Math.floor(Math.random() * 1e9));
const only = values.only === undefined ? undefined : whole('only', values.only, 0);
const from = only ?? whole('from', values.from, 0);
const count = only === undefined ? whole('count', values.count, 300) : 1;

const folder = mkdtempSync(join(tmpdir(), 'forensics-fuzz-'));
const worker = new FuzzWorker(folder);
const counts = new Map<string, number>();
let findings = 0;

function tellFinding(index: number, { kind, what, asked, problems }: Outcome): void {
  findings++;
  const lines = [
    `finding ${findings}: ${kind}`,
    `  ${what}`,
    ...problems.map(p => `  ! ${p.replaceAll('\n', '\n    ')}`),
    `  asked: ${asked}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n  again: npm run fuzz -- --seed ${seed} --only ${index}\n`);
}

process.stdout.write(`seed ${seed}, ${count} mutants${from > 0 ? ` from ${from}` : ''}\n`);
let told = performance.now();
for (let index = from; index < from + count; index++) {
  const asked = performance.now();
  const outcome = await worker.ask({ seed, index });
  counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
  if (outcome.problems.length > 0) tellFinding(index, outcome);
  if (values.list || only !== undefined)
    process.stdout.write(
      `${index} ${outcome.kind}: ${outcome.what}\n  ${outcome.asked}\n  ${outcome.came}; ${Math.round(performance.now() - asked)} ms\n`,
    );
  if (performance.now() - told > EVERY_SECONDS * 1000) {
    told = performance.now();
    process.stderr.write(`${index - from + 1} of ${count}, ${findings} findings\n`);
  }
}
worker.stop();
for (const [kind, n] of [...counts].sort()) process.stdout.write(`  ${n} ${kind}\n`);
process.stdout.write(`${count} mutants, ${findings} findings\n`);
// A mutant that was asked for is left to be looked at.
if (only === undefined) rmSync(folder, { recursive: true, force: true });
else process.stdout.write(`the mutant lies in ${join(folder, 'room')}\n`);
process.exitCode = findings > 0 ? FOUND : 0;
