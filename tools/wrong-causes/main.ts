import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomLcg } from 'd3-random';
import { damagedRuns, FIXTURE_NAMES, wholeReport } from '#test/wrong-causes/damaged-runs';
import { TRIED } from './tried.ts';

const USAGE = `npm run wrong-causes -- [--fixture NAME | --tried] [--what TEXT] [--seed N --count N]
All changes of all fixtures (hours), of one, or of those that found nothing before; those that are called so; or N of them, drawn by the seed.`;
const FOUND = 1;
const COULD_NOT_RUN = 2;

function refuse(why: string): never {
  process.stderr.write(`${why}\n${USAGE}\n`);
  process.exit(COULD_NOT_RUN);
}

function whole(name: string, text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : refuse(`--${name} ${text} is no whole number`);
}

const { values } = parseArgs({
  options: {
    fixture: { type: 'string' },
    tried: { type: 'boolean', default: false },
    what: { type: 'string' },
    seed: { type: 'string' },
    count: { type: 'string' },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : whole('seed', values.seed);
const fixtures = FIXTURE_NAMES.filter(name => (values.fixture ?? name) === name && (!values.tried || TRIED.includes(name)));
if (fixtures.length === 0) refuse(`there is no fixture ${values.fixture} with a truth`);

const room = mkdtempSync(join(tmpdir(), 'forensics-wrong-causes-'));
process.on('exit', () => rmSync(room, { recursive: true, force: true }));

/** All that may be tried, in the order in which it is tried: as it stands, or drawn. */
function drawn<T>(all: readonly T[]): readonly T[] {
  if (values.count === undefined) return all;
  const next = randomLcg(seed / 1e9);
  return all
    .map(one => ({ one, at: next() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, whole('count', values.count))
    .map(({ one }) => one);
}

const runs = drawn(
  fixtures
    .flatMap(fixture => damagedRuns(fixture, join(room, fixture)).map(run => ({ fixture, ...run })))
    .filter(run => values.what === undefined || run.what.includes(values.what)),
);
if (runs.length === 0) refuse('no change is called so');
process.stdout.write(`${runs.length} changes${values.count === undefined ? '' : ` by seed ${seed}`}\n`);

let findings = 0;
const wholes = new Map<string, ReturnType<typeof wholeReport>>();
for (const [i, { fixture, what, accusations }] of runs.entries()) {
  const before = wholes.get(fixture) ?? wholeReport(fixture);
  wholes.set(fixture, before);
  const began = performance.now();
  const found = await accusations(await before);
  if (found.length > 0) {
    findings++;
    process.stdout.write(`${fixture}, ${what}:\n${found.map(line => `  ! ${line}\n`).join('')}`);
    process.stdout.write(`  again: npm run wrong-causes -- --fixture ${fixture} --what '${what}'\n`);
  }
  process.stderr.write(
    `${i + 1} of ${runs.length}, ${findings} findings: ${fixture}, ${what} (${Math.round(performance.now() - began)} ms)\n`,
  );
}
process.stdout.write(`${runs.length} changes, ${findings} findings\n`);
process.exitCode = findings > 0 ? FOUND : 0;
