import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { z } from 'zod';
import { ForensicsError } from '#core/errors';
import type { CardDocuments, Told } from '#report/build/card/documents';
import { Certification } from '#schema/certification';
import { Comparison } from '#schema/comparison';
import { EnergyRuns } from '#schema/energy';
import { Health } from '#schema/health';
import { Load } from '#schema/load';
import { Report } from '#schema/report';
import { Snapshot } from '#schema/snapshot';
import { Step } from '#schema/step';
import { Judgement } from '#schema/targets';

/** Where each of our documents goes. Strangers' files are read as runs. */
const KINDS = {
  'forensics.step/1': ['steps', Step],
  'forensics.snapshot/1': ['snapshots', Snapshot],
  'forensics.health/1': ['healths', Health],
  'forensics.certification/1': ['certifications', Certification],
  'forensics.load/1': ['loads', Load],
  'forensics.report/1': ['reports', Report],
  'forensics.energy-runs/1': ['energies', EnergyRuns],
  'forensics.judgement/1': ['judgements', Judgement],
  'forensics.comparison/1': ['comparisons', Comparison],
} as const;
type Kind = keyof typeof KINDS;

/** A run has loads/1/report/report.json; deeper lies nothing of ours. */
const DEEPEST = 4;
/** What we write in one piece has megabytes at the most. */
const LARGEST = 256 * 2 ** 20;

/** Files of ours in a folder and in those below it, in the order of their names. Links lead elsewhere, and are not followed. */
function jsonIn(folder: string, depth = 0): string[] {
  if (depth > DEEPEST) return [];
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.endsWith('.private') ? [] : jsonIn(path, depth + 1);
      return entry.isFile() && entry.name.endsWith('.json') && lstatSync(path).size <= LARGEST ? [path] : [];
    });
}

const Declared = z.object({ schema: z.string() });

/** What a file says that it is, and holds; undefined where it is no document of ours. */
function declared(file: string): { readonly kind: Kind; readonly json: unknown } | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { schema } = Declared.parse(json);
    return Object.hasOwn(KINDS, schema) ? { kind: schema as Kind, json } : undefined;
  } catch {
    return undefined;
  }
}

/** The documents of folders, but for runs. */
export type OwnDocuments = Omit<CardDocuments, 'runs'>;

/**
 * All documents of ours in some folders.
 * @throws ForensicsError not-found; bad-argument for what is no folder; bad-record for a document that is not as this version writes it
 */
export function documentsIn(folders: readonly string[]): OwnDocuments {
  const found: Record<keyof OwnDocuments, Told<unknown>[]> = {
    ...{ steps: [], snapshots: [], healths: [], certifications: [], loads: [] },
    ...{ reports: [], energies: [], judgements: [], comparisons: [] },
  };
  for (const folder of folders) {
    if (!existsSync(folder)) throw new ForensicsError('not-found', `${folder} does not exist`, 'Check the path.');
    if (!lstatSync(folder).isDirectory())
      throw new ForensicsError('bad-argument', `${folder} is no folder`, 'Name the folders of runs, cases or reports.');
    for (const file of jsonIn(folder)) {
      const told = declared(file);
      if (told === undefined) continue;
      const [place, schema] = KINDS[told.kind];
      const parsed = schema.safeParse(told.json);
      if (!parsed.success)
        throw new ForensicsError(
          'bad-record',
          `${file} says that it is ${told.kind} and is not as this version writes it (${parsed.error.issues[0]?.path.join('.') ?? ''})`,
          'Write it again with this version of forensics, or take it out of the folder.',
        );
      const source = relative(folder, file);
      found[place].push({ source: folders.length === 1 ? source : join(basename(folder), source), data: parsed.data });
    }
  }
  return found as OwnDocuments;
}
