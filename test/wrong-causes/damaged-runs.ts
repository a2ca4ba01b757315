import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { Truth } from '#app/score/truth';
import { ForensicsError } from '#core/errors';
import type { Report } from '#schema/report';
import { newAccusations } from './accusations.ts';
import { changesOf } from './relation-changes.ts';
import { SERIES_CHANGES } from './series-changes.ts';

const FIXTURES = resolve(import.meta.dirname, '../../fixtures');

export const FIXTURE_NAMES: readonly string[] = readdirSync(FIXTURES, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && existsSync(join(FIXTURES, entry.name, 'truth.json')))
  .map(entry => entry.name);

/** A fixture of which a relation or a file is not as it was. */
export interface DamagedRun {
  readonly what: string;
  /** Makes it and says what its report accuses that the whole run's does not; nothing where it cannot be analyzed at all. */
  readonly accusations: () => Promise<readonly string[]>;
}

const analyzed = (folder: string): Promise<Report> => runAnalysis(folder, {}, NO_CORRECTION, () => {});

/** A refusal accuses nobody. */
async function reportOrRefusal(folder: string): Promise<Report | undefined> {
  try {
    return await analyzed(folder);
  } catch (error) {
    if (error instanceof ForensicsError) return undefined;
    throw error;
  }
}

/**
 * All damaged runs of a fixture.
 * @param room where they are made, one at a time
 */
export function damagedRuns(fixture: string, room: string, whole: Report): readonly DamagedRun[] {
  const from = join(FIXTURES, fixture);
  const [run, trace] = [join(room, 'run'), join(room, `${fixture}.sqlite`)];
  mkdirSync(room, { recursive: true });
  writeFileSync(trace, gunzipSync(readFileSync(join(from, 'trace.sqlite.gz'))));
  const truth = Truth.parse(JSON.parse(readFileSync(join(from, 'truth.json'), 'utf8')));
  const fresh = () => {
    rmSync(run, { recursive: true, force: true });
    cpSync(from, run, { recursive: true, filter: path => !/\.gz$|README\.md$|truth\.json$/.test(path) });
    copyFileSync(trace, join(run, 'trace.sqlite'));
  };
  const judged = async () => {
    const report = await reportOrRefusal(run);
    return report === undefined ? [] : newAccusations(whole, report, truth);
  };
  const looked = new Database(trace, { readonly: true });
  const relations = changesOf(looked);
  looked.close();
  return [
    ...relations.map(({ what, apply }) => ({
      what,
      accusations: () => {
        fresh();
        const db = new Database(join(run, 'trace.sqlite'));
        apply(db);
        db.close();
        return judged();
      },
    })),
    ...SERIES_CHANGES.filter(({ file }) => existsSync(join(from, file))).map(({ what, file, apply }) => ({
      what,
      accusations: () => {
        fresh();
        const lines = readFileSync(join(run, file), 'utf8').trimEnd().split('\n');
        const head = file.endsWith('.csv') ? lines.slice(0, 1) : [];
        writeFileSync(join(run, file), `${[...head, ...apply(lines.slice(head.length))].join('\n')}\n`);
        return judged();
      },
    })),
  ];
}
