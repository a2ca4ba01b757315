import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { QUERY_NAMES } from '#app/query/catalogue';
import type { Chance } from '../chance.ts';
import type { Ask, Mutant, Original, Workshop } from './mutant.ts';
import type { ByteChange } from './trace-bytes.ts';
import type { Change } from './trace-database.ts';

/** Who is asked about a spoilt trace: mostly the analysis, and all other commands that open one. */
const ASKS: readonly { readonly weight: number; readonly ask: (trace: string, folder: string, of: Original, chance: Chance) => Ask }[] = [
  { weight: 60, ask: (_, folder) => ({ by: 'analysis', path: folder, named: {} }) },
  { weight: 8, ask: (_, folder) => command('analyze', folder, '--out', `${folder}-report`, '--csv', `${folder}-csv`) },
  {
    weight: 4,
    ask: (trace, folder) => command('analyze', trace, '--out', `${folder}-report`, '--perfetto', `${folder}.perfetto.json`, '--json'),
  },
  { weight: 6, ask: trace => command('pipeline', trace, '--out', `${trace}-report`) },
  { weight: 3, ask: (trace, _, of) => command('pipeline', of.trace, trace, '--out', `${trace}-report`) },
  { weight: 7, ask: trace => command('doctor', trace) },
  { weight: 6, ask: (trace, _, __, chance) => command('query', chance.pick(QUERY_NAMES), trace, '--json') },
  { weight: 2, ask: trace => command('query', '--sql', 'SELECT count(*) AS n, min(start_ns), max(end_ns) FROM kernel', trace, '--json') },
  { weight: 4, ask: trace => command('redact', trace) },
];
const command = (...words: readonly string[]): Ask => ({ by: 'command', words });

function askAbout({ folder, chance }: Workshop, run: string, of: Original): Ask {
  return chance.weighted(ASKS).ask(join(folder, run, 'trace.sqlite'), join(folder, run), of, chance);
}

/** Makes a run whose trace was changed by SQL. */
export const byDatabase =
  (change: Change) =>
  (workshop: Workshop): Mutant => {
    const { folder, chance, originals } = workshop;
    const of = chance.weighted(originals.runs);
    cpSync(of.folder, join(folder, 'run'), { recursive: true });
    const db = new Database(join(folder, 'run', 'trace.sqlite'));
    const done: string[] = [];
    // Most mutants have one thing wrong with them, so that it is known what a finding comes from.
    for (let times = chance.oneIn(5) ? 2 : 1; times > 0; times--) done.push(change(db, chance));
    db.close();
    return { what: `${of.name}: ${done.join('; then ')}`, ask: askAbout(workshop, 'run', of) };
  };

/** Makes a run whose trace was changed byte by byte. */
export const byBytes =
  (change: ByteChange) =>
  (workshop: Workshop): Mutant => {
    const { folder, chance, originals } = workshop;
    const of = chance.weighted(originals.runs);
    cpSync(of.folder, join(folder, 'run'), { recursive: true });
    const [bytes, done] = change(readFileSync(of.trace), chance);
    writeFileSync(join(folder, 'run', 'trace.sqlite'), bytes);
    if (chance.oneIn(10)) copyFileSync(of.trace, join(folder, 'run', 'trace.sqlite-journal'));
    return { what: `${of.name}: ${done}`, ask: askAbout(workshop, 'run', of) };
  };
