import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { Truth } from '#app/score/truth';
import { ForensicsError } from '#core/errors';
import { PACKAGE_ROOT } from '#core/package-root';
import type { Report } from '#schema/report';
import { newAccusations } from './accusations.ts';
import { changesOf } from './relation-changes.ts';
import { SERIES_CHANGES } from './series-changes.ts';

const FIXTURES = fileURLToPath(new URL('fixtures', PACKAGE_ROOT));

export const FIXTURE_NAMES: readonly string[] = readdirSync(FIXTURES, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && existsSync(join(FIXTURES, entry.name, 'truth.json')))
  .map(entry => entry.name);

/** A fixture of which a relation or a file is not as it was. */
export interface DamagedRun {
  readonly what: string;
  /** Makes it and says what its report accuses that the report of the whole run does not; nothing where it cannot be analyzed at all. */
  readonly accusations: (whole: Report) => Promise<readonly string[]>;
}

const analyzed = (folder: string): Promise<Report> => runAnalysis(folder, {}, NO_CORRECTION, () => {});

/** What is said of a fixture as it is. */
export const wholeReport = (fixture: string): Promise<Report> => analyzed(join(FIXTURES, fixture));

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
export function damagedRuns(fixture: string, room: string): readonly DamagedRun[] {
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
  const judged = async (whole: Report, changed: 'trace' | 'files') => {
    const report = await reportOrRefusal(run);
    return report === undefined ? [] : newAccusations(whole, report, truth, changed);
  };
  const looked = new Database(trace, { readonly: true });
  const relations = changesOf(looked);
  looked.close();
  return [
    ...relations.map(({ what, apply }) => ({
      what,
      accusations: (whole: Report) => {
        fresh();
        const db = new Database(join(run, 'trace.sqlite'));
        apply(db);
        db.close();
        return judged(whole, 'trace');
      },
    })),
    ...SERIES_CHANGES.filter(({ file }) => existsSync(join(from, file))).map(({ what, file, apply }) => ({
      what,
      accusations: (whole: Report) => {
        fresh();
        const lines = readFileSync(join(run, file), 'utf8').trimEnd().split('\n');
        const head = file.endsWith('.csv') ? lines.slice(0, 1) : [];
        writeFileSync(join(run, file), `${[...head, ...apply(lines.slice(head.length))].join('\n')}\n`);
        return judged(whole, 'files');
      },
    })),
  ];
}
