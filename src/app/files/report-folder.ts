import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { partOf } from '#core/temporary/parts';
import type { Bytes } from '#core/units';

/** Any of these in a folder is a report that somebody may still want. */
const REPORT_FILES = ['report.html', 'report.md', 'report.json'];
const holdsReport = (folder: string): boolean => REPORT_FILES.some(file => existsSync(join(folder, file)));

/** Linux's and every usual file system's longest name (NAME_MAX), bytes. */
const LONGEST_NAME: Bytes = 255;
/** More reports than this in one place are a mistake of a script. */
const MOST_REPORTS = 10_000;

function freeName(usual: string): string {
  for (let n = 2; n <= MOST_REPORTS; n++) {
    const name = `${usual}-${n}`;
    if (!holdsReport(name)) return name;
  }
  throw new ForensicsError(
    'not-writable',
    `${usual} and ${MOST_REPORTS - 1} more hold reports already`,
    'Remove some, or name a folder with --out.',
  );
}

/** Says before the work whether something can be written to a folder, or to the nearest one above it that exists. @throws ForensicsError not-writable */
export function assertWritable(folder: string, what = 'the report', hint = 'Choose another folder with --out.'): void {
  let there = resolve(folder);
  if (there.split(sep).some(name => Buffer.byteLength(name) > LONGEST_NAME))
    throw new ForensicsError('not-writable', `${what} cannot be written to ${folder} (the name is too long)`, hint);
  while (!existsSync(there)) there = dirname(there);
  const why = (() => {
    if (!statSync(there).isDirectory()) return 'is not a folder';
    // The superuser may write anywhere, but not on a disk that is read-only or full, nor to what the kernel pretends: only trying tells.
    const probe = partOf(join(there, '.forensics'));
    try {
      writeFileSync(probe, '', { flag: 'wx' });
      return undefined;
    } catch {
      return 'may not be written to';
    } finally {
      rmSync(probe, { force: true });
    }
  })();
  if (why !== undefined) throw new ForensicsError('not-writable', `${what} cannot be written to ${folder}: ${there} ${why}`, hint);
}

/** A folder of a file's name is not replaced. @throws ForensicsError not-writable */
function assertReplaceable(folder: string): void {
  for (const name of REPORT_FILES)
    if (statsOf(join(folder, name))?.isDirectory() === true)
      throw new ForensicsError(
        'not-writable',
        `the report cannot be written to ${folder}: ${name} there is a folder`,
        'Choose another folder with --out.',
      );
}

/** Where a report is to go. */
export interface OutWish {
  /** The folder that the user named. */
  readonly out?: string | undefined;
  /** Whether a report that is there is replaced. */
  readonly force?: boolean | undefined;
}

/**
 * The folder of a report, before the work begins: the one that was named, else the usual one, or that with a number where it holds a report.
 * @throws ForensicsError not-writable; bad-argument where the named folder holds a report and is not to be replaced
 */
export function reportFolder({ out, force = false }: OutWish, usual: string): string {
  const first = out ?? usual;
  if (!force && out !== undefined && holdsReport(out))
    throw new ForensicsError(
      'bad-argument',
      `${out} already holds a report`,
      'Name another folder with --out, or replace that report with --force.',
    );
  const folder = !force && holdsReport(first) ? freeName(usual) : first;
  assertWritable(folder);
  assertReplaceable(folder);
  return folder;
}
