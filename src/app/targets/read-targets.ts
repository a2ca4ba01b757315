import { textOf } from '#app/inputs/text-file';
import { assertExists } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { Targets } from '#schema/targets';

/** A list of limits takes a few kB. */
const LARGEST = 2 ** 20;
const HINT = 'docs/compare.md shows one, and schemas/forensics.targets-1.schema.json says what it may hold.';

function parsed(file: string): unknown {
  try {
    return JSON.parse([...textOf(file)].join('').replace(/^\ufeff/, ''));
  } catch (error) {
    if (error instanceof ForensicsError) throw error;
    throw new ForensicsError('bad-record', `${file} is not JSON (${error instanceof Error ? error.message : 'unknown reason'})`, HINT);
  }
}

/** What must be reached, as a file says. @throws ForensicsError not-found, bad-record */
export function readTargets(file: string): Targets {
  assertExists(file);
  const stats = statsOf(file);
  if (stats?.isFile() !== true || stats.size > LARGEST)
    throw new ForensicsError('bad-record', `${file} is no file of targets: it is a folder, or has more than 1 MiB`, HINT);
  const found = Targets.safeParse(parsed(file));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new ForensicsError(
    'bad-record',
    `${file} is no file of targets${field === '' ? '' : `, at ${field}`}: ${issue?.message ?? 'wrong shape'}`,
    HINT,
  );
}
