import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ForensicsError } from '#core/errors';
import { makeFolder } from '#core/make-folder';
import { reasonOf } from '#core/reason-of';
import { JOURNAL } from './journal.ts';

/** Where a case lies. What may hold secrets stays in a folder beside it, which only its owner can read. */
export interface CaseFolder {
  readonly path: string;
  readonly private: string;
  readonly journal: string;
  readonly caseFile: string;
  /** Where nsys writes: the stem of its recordings. */
  readonly stem: (name: string) => string;
  /** Output of the workload, of the load test and of nsys. */
  readonly log: (of: 'workload' | 'load' | 'nsys' | 'control') => string;
  /** What the workload leaves for the case; it finds the path in FORENSICS_WORKLOAD_DIR. */
  readonly workload: string;
  readonly control: string;
}

/** The paths of a case, whether or not it exists. */
export function caseFolder(path: string): CaseFolder {
  const root = resolve(path);
  const hidden = `${root}.private`;
  return {
    path: root,
    private: hidden,
    journal: join(root, JOURNAL),
    caseFile: join(root, 'case.json'),
    stem: name => join(hidden, name),
    log: of => join(hidden, `${of}.log`),
    workload: join(hidden, 'workload'),
    control: join(hidden, 'control'),
  };
}

/**
 * Makes the folders of a new case.
 * @throws ForensicsError not-writable; bad-argument when something is there already
 */
export function createCase(path: string): CaseFolder {
  const folder = caseFolder(path);
  for (const taken of [folder.path, folder.private])
    if (existsSync(taken) && (!statSync(taken).isDirectory() || readdirSync(taken).length > 0))
      throw new ForensicsError(
        'bad-argument',
        `${taken} is there already, and not empty`,
        'Name a new folder with --out, or finish that one with --resume.',
      );
  try {
    makeFolder(folder.path);
    makeFolder(folder.private, 0o700);
    makeFolder(folder.workload);
  } catch (error) {
    throw new ForensicsError('not-writable', `${folder.path} cannot be made (${reasonOf(error)})`, 'Choose another folder with --out.');
  }
  return folder;
}

/** Makes again what somebody removed of a case while it is recorded. @returns what was gone */
export function remakeFolders(folder: CaseFolder): readonly string[] {
  const gone = [folder.path, folder.private].filter(path => !existsSync(path));
  try {
    makeFolder(folder.path);
    makeFolder(folder.private, 0o700);
    makeFolder(folder.workload);
  } catch {
    // Whoever writes there next says why that cannot be.
  }
  return gone.filter(path => existsSync(path));
}

/** Names of the files in a folder; none where somebody removed it. */
export const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** What nsys left of a window, as stems that end in the rank or the range where there are several. */
export function recordingsOf(folder: CaseFolder, window: string): string[] {
  const stems = namesIn(folder.private).flatMap(file => {
    const [, stem] = /^(.*?)(?:\.nsys-rep|\.qdstrm)$/.exec(file) ?? [];
    // Of what is being imported there is a part; of windows named alike ("window-1", "window-10") only ours.
    return stem !== undefined && /^(?:-rank\d+|\.\d+)?$/.test(stem.slice(window.length)) && stem.startsWith(window) ? [stem] : [];
  });
  return [...new Set(stems)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
